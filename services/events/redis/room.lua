#!lua name=nightjar_room
-- One room's log, snapshot, seat and presence. All keys of a call carry the hash tag {room id}, so they share a slot, and
-- the room's channel shares it too. A script does not roll back: everything is validated before the first write.
--
-- A log's epoch is bound to the run id of the server process that began it. After a restart or a failover the run id
-- differs and a new epoch begins, even where the data came back, because its tail may be missing and offsets must never
-- be used twice.

local LOG_KEPT_MS = 86400000
-- How a log is kept: a list whose last element stands at `offset`. One of another form is begun anew.
local FORM = '2'
local SCAN_CHUNK = 64
local SANCTION = 'sanction:'
local PROGRESS_STATES = { queued = true, running = true, paused = true }
local run_id

local function this_run()
  -- This library's state lives as long as the process, and so does its run id.
  if not run_id then
    run_id = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  end
  return run_id
end

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function whole(text, what)
  local number = tonumber(text)
  if not number or number < 0 or number ~= math.floor(number) then
    error({ err = 'ERR nightjar: ' .. what .. ' is not a whole number' })
  end
  return number
end

-- KEYS meta, log, snapshot, seat. Gives epoch and offset; begins a new epoch where this process has none.
local function ensure_epoch(keys, candidate)
  local meta = redis.call('HMGET', keys[1], 'epoch', 'run', 'offset', 'form')
  if meta[1] and meta[2] == this_run() and meta[4] == FORM then
    return meta[1], tonumber(meta[3])
  end
  if candidate == '' then error({ err = 'ERR nightjar: no candidate epoch' }) end
  redis.call('DEL', keys[1], keys[2], keys[3], keys[4])
  redis.call('HSET', keys[1], 'epoch', candidate, 'run', this_run(), 'form', FORM, 'offset', 0, 'since', now_ms())
  redis.call('PEXPIRE', keys[1], LOG_KEPT_MS)
  return candidate, 0
end

-- KEYS meta, log, snapshot, seat. ARGV candidate epoch.
-- Answers epoch, offset, last sequence of payments and of rooms ('' while unknown), then the snapshot's fields and values.
local function open(keys, args)
  local epoch, offset = ensure_epoch(keys, args[1])
  local seqs = redis.call('HMGET', keys[1], 'seq:payments', 'seq:rooms')
  return { epoch, offset, seqs[1] or '', seqs[2] or '', redis.call('HGETALL', keys[3]) }
end

-- KEYS meta, log. ARGV epoch, first offset, last offset. Answers the offset of the first entry that is there, and the
-- entries; none where the log is of another epoch by now.
local function read(keys, args)
  local from, to = whole(args[2], 'first'), whole(args[3], 'last')
  local meta = redis.call('HMGET', keys[1], 'epoch', 'run', 'offset')
  if meta[1] ~= args[1] or meta[2] ~= this_run() then return { from, {} } end
  local offset = tonumber(meta[3])
  local first = offset - redis.call('LLEN', keys[2]) + 1
  from, to = math.max(from, first), math.min(to, offset)
  if from > to then return { from, {} } end
  return { from, redis.call('LRANGE', keys[2], from - first, to - first) }
end

local function check_entry(entry)
  if string.sub(entry, 1, 1) ~= '{' then error({ err = 'ERR nightjar: entry is not an object' }) end
end

-- The one way into the log: the next offset, the list and the channel go together.
local function push(keys, kept, channel, epoch, offset, entry)
  redis.call('RPUSH', keys[2], entry)
  redis.call('LTRIM', keys[2], -kept, -1)
  redis.call('HSET', keys[1], 'offset', offset)
  for i = 1, 3 do redis.call('PEXPIRE', keys[i], LOG_KEPT_MS) end
  redis.call('SPUBLISH', channel, 'e ' .. epoch .. ' ' .. offset .. ' ' .. entry)
end

-- Where a message of a client stands in this epoch, when it was heard already.
local function heard_before(key, epoch)
  local before = redis.call('GET', key)
  if not before then return nil end
  local of, offset = string.match(before, '^(%S+) (%d+)$')
  return of == epoch and tonumber(offset) or nil
end

local function remember(key, epoch, offset, ms)
  redis.call('SET', key, epoch .. ' ' .. offset, 'PX', ms)
end

-- Sanctions are in the snapshot as `sanction:<who>` → `<what> [ms]`, and stay until that time. Removals hold for one show.
local function sweep_sanctions(key, removals_too)
  local now = now_ms()
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, #SANCTION) == SANCTION then
      local what, lasts = string.match(fields[i + 1], '^(%a+) ?(%d*)$')
      if (what == 'removed' and removals_too) or (lasts ~= '' and tonumber(lasts) < now) then
        redis.call('HDEL', key, fields[i])
      end
    end
  end
end

-- Tokens settled at or after the goal's own time count towards it.
local function count_towards_goal(key, tokens, at)
  local goal = redis.call('HGET', key, 'goal')
  local since = goal and string.match(goal, '^{"at":"([^"]+)"')
  if since and at >= since then redis.call('HINCRBY', key, 'goal:reached', string.format('%.0f', tokens)) end
end

-- KEYS meta, log, snapshot, seat, id. ARGV candidate epoch, source, sequence ('' for none), base ('1': may begin the
-- source's sequence in this epoch), entry ('': only its number is taken), log entries kept, snapshot field to set or '',
-- its value, fields to delete or '' (separated by spaces), channel, how long the id is remembered in ms ('' where the id
-- key is not used), who must hold the seat or '', the tip whose progress it is or '', its state, tokens that count towards
-- the goal or '', when they were settled, which sanctions to sweep ('', 'over': those whose time is over, 'show': those of
-- the show too).
-- A state is kept beside its tip, only while the tip is in the snapshot; one that has begun is never waiting again.
-- Answers {status, epoch, offset, last sequence}: 'ok', 'dup' (changes nothing), 'gap' (the source must be asked first) or
-- 'seat' (somebody else holds it, or nobody).
local function append(keys, args)
  local source, base, entry, channel = args[2], args[4] == '1', args[5], args[10]
  local seq = args[3] ~= '' and whole(args[3], 'sequence') or nil
  local kept = whole(args[6], 'kept')
  local id_ms = args[11] ~= '' and whole(args[11], 'id time') or nil
  -- A pod of an earlier version says nothing of the last ones.
  local holder, tip_id, state = args[12] or '', args[13] or '', args[14]
  local tokens = (args[15] or '') ~= '' and whole(args[15], 'tokens') or nil
  local settled_at, sweep = args[16] or '', args[17] or ''
  if tip_id ~= '' and not PROGRESS_STATES[state] then error({ err = 'ERR nightjar: no state of progress' }) end
  if entry ~= '' or not seq then check_entry(entry) end

  local epoch, offset = ensure_epoch(keys, args[1])
  if holder ~= '' and redis.call('HGET', keys[4], 'holder') ~= holder then return { 'seat', epoch, offset, '' } end
  local seq_field = 'seq:' .. source
  if seq then
    local last = redis.call('HGET', keys[1], seq_field)
    if last then
      if seq <= tonumber(last) then return { 'dup', epoch, offset, last } end
      if seq > tonumber(last) + 1 then return { 'gap', epoch, offset, last } end
    elseif not base and seq ~= 1 then
      return { 'gap', epoch, offset, '' }
    end
  end
  if id_ms then
    local before = heard_before(keys[5], epoch)
    if before then return { 'dup', epoch, before, '' } end
  end

  if seq then redis.call('HSET', keys[1], seq_field, args[3]) end
  if entry == '' then return { 'ok', epoch, offset, args[3] } end
  offset = offset + 1
  if id_ms then remember(keys[5], epoch, offset, id_ms) end
  if args[7] ~= '' then redis.call('HSET', keys[3], args[7], args[8]) end
  for field in string.gmatch(args[9], '%S+') do redis.call('HDEL', keys[3], field) end
  if tip_id ~= '' and redis.call('HEXISTS', keys[3], 'tip:' .. tip_id) == 1 then
    redis.call(state == 'queued' and 'HSETNX' or 'HSET', keys[3], 'state:' .. tip_id, state)
  end
  if tokens then count_towards_goal(keys[3], tokens, settled_at) end
  if sweep ~= '' then sweep_sanctions(keys[3], sweep == 'show') end
  push(keys, kept, channel, epoch, offset, entry)
  return { 'ok', epoch, offset, args[3] }
end

-- Overwrites a line wherever it stands. Looked for in all of the log: whoever waits until an id is forgotten can write it
-- twice.
local function overwrite(key, line_id)
  local mark = '"kind":"chat","id":"' .. line_id .. '"'
  local length = redis.call('LLEN', key)
  for first = 0, length - 1, SCAN_CHUNK do
    for i, entry in ipairs(redis.call('LRANGE', key, first, first + SCAN_CHUNK - 1)) do
      if string.find(entry, mark, 1, true) then
        local at = string.match(entry, '^{"at":"([^"]*)"') or ''
        redis.call('LSET', key, first + i - 1, '{"at":"' .. at .. '","kind":"struck","lineId":"' .. line_id .. '"}')
      end
    end
  end
end

-- KEYS meta, log, snapshot, seat, id, the line's id. ARGV candidate epoch, entry, log entries kept, channel, how long ids
-- are remembered in ms, the line. Overwrites the line where it stands, so that its bytes are gone and no offset is, and
-- says so in an entry of its own. Answers as append does.
local function strike(keys, args)
  local entry, kept, channel, id_ms, line_id =
    args[2], whole(args[3], 'kept'), args[4], whole(args[5], 'id time'), args[6]
  check_entry(entry)
  if not string.match(line_id, '^msg_[%x-]+$') then error({ err = 'ERR nightjar: no id of a line' }) end
  local epoch, offset = ensure_epoch(keys, args[1])
  local before = heard_before(keys[5], epoch)
  if before then return { 'dup', epoch, before, '' } end

  overwrite(keys[2], line_id)
  offset = offset + 1
  remember(keys[5], epoch, offset, id_ms)
  -- Sent again by whoever wrote it, it does not come back.
  if not heard_before(keys[6], epoch) then remember(keys[6], epoch, offset, id_ms) end
  push(keys, kept, channel, epoch, offset, entry)
  return { 'ok', epoch, offset, '' }
end

-- KEYS meta, log, snapshot, seat. ARGV candidate epoch, source, sequence, log entries kept, channel, how many entries; for
-- each the entry, its field in the snapshot and its value there; then fields and values for the snapshot alone.
-- What a source's room is now, at once and at most once in an epoch: a second pod's older view of it changes nothing.
local function fill(keys, args)
  local seq, kept, channel, count = whole(args[3], 'sequence'), whole(args[4], 'kept'), args[5], whole(args[6], 'count')
  local behind = 6 + count * 3
  if #args < behind or (#args - behind) % 2 ~= 0 then error({ err = 'ERR nightjar: fields without values' }) end
  for i = 1, count do check_entry(args[4 + i * 3]) end
  local epoch, offset = ensure_epoch(keys, args[1])
  if redis.call('HEXISTS', keys[1], 'seq:' .. args[2]) == 1 then return { 'dup', epoch, offset, '' } end
  redis.call('HSET', keys[1], 'seq:' .. args[2], args[3])
  for i = 1, count do
    local at = 4 + i * 3
    offset = offset + 1
    redis.call('HSET', keys[3], args[at + 1], args[at + 2])
    push(keys, kept, channel, epoch, offset, args[at])
  end
  for i = behind + 1, #args, 2 do redis.call('HSET', keys[3], args[i], args[i + 1]) end
  redis.call('PEXPIRE', keys[3], LOG_KEPT_MS)
  return { 'ok', epoch, offset, '' }
end

-- KEYS meta, log, snapshot, seat. ARGV candidate epoch, source, sequence. Says where a source stands whose events are
-- in the snapshot already; changes nothing where the epoch knows it.
local function seed(keys, args)
  local seq = whole(args[3], 'sequence')
  local epoch, offset = ensure_epoch(keys, args[1])
  redis.call('HSETNX', keys[1], 'seq:' .. args[2], seq)
  return { epoch, offset }
end

-- KEYS meta, log, snapshot, seat. Forgets the log: the next call begins a new epoch. The seat stays, so that a permit in
-- force is still waited out.
local function forget(keys)
  return redis.call('DEL', keys[1], keys[2], keys[3])
end

-- KEYS meta, log, snapshot, seat. ARGV candidate epoch, holder, permit in ms, '1' to displace another holder.
-- Answers {'held'}, {'taken'} or {'wait', ms}: a new holder waits until the old one's permit has run out, and in a new
-- epoch until any permit of the lost one has.
local function seat(keys, args)
  local me, permit_ms = args[2], whole(args[3], 'permit')
  ensure_epoch(keys, args[1])
  local now = now_ms()
  local settled = tonumber(redis.call('HGET', keys[1], 'since')) + permit_ms
  if now < settled then return { 'wait', settled - now } end
  local now_held = redis.call('HMGET', keys[4], 'holder', 'until', 'next')
  local holder, lasts, next_holder = now_held[1], tonumber(now_held[2] or 0), now_held[3]
  if holder == me and (not next_holder or next_holder == me) then return { 'held' } end
  if lasts > now then
    if args[4] == '1' then
      redis.call('HSET', keys[4], 'next', me)
      next_holder = me
    end
    if next_holder == me then return { 'wait', lasts - now } end
    return { 'taken', 0 }
  end
  redis.call('DEL', keys[4])
  redis.call('HSET', keys[4], 'holder', me, 'until', now)
  redis.call('PEXPIRE', keys[4], LOG_KEPT_MS)
  return { 'held' }
end

-- KEYS meta, log, snapshot, seat. ARGV holder, permit in ms. Answers 1 where the permit is given. Never begins an epoch:
-- a bridge without a seat in this one has no permit.
local function permit(keys, args)
  local me, permit_ms = args[1], whole(args[2], 'permit')
  local meta = redis.call('HMGET', keys[1], 'run')
  if meta[1] ~= this_run() then return 0 end
  local now_held = redis.call('HMGET', keys[4], 'holder', 'next')
  if now_held[1] ~= me or now_held[2] then return 0 end
  redis.call('HSET', keys[4], 'until', now_ms() + permit_ms)
  return 1
end

-- KEYS presence. ARGV pod, its count, how long that holds in ms, channel. Answers the room's count, and says it on the
-- channel when it changed.
local function presence(keys, args)
  local count, lasts = whole(args[2], 'count'), whole(args[3], 'time')
  local now = now_ms()
  local fields = redis.call('HGETALL', keys[1])
  local total, before = count, 0
  for i = 1, #fields, 2 do
    local pod = fields[i]
    if pod == 'total' then
      before = tonumber(fields[i + 1])
    elseif pod ~= args[1] then
      local pod_count, pod_until = string.match(fields[i + 1], '^(%d+) (%d+)$')
      if tonumber(pod_until) > now then
        total = total + tonumber(pod_count)
      else
        redis.call('HDEL', keys[1], pod)
      end
    end
  end
  redis.call('HSET', keys[1], args[1], count .. ' ' .. string.format('%.0f', now + lasts), 'total', total)
  redis.call('PEXPIRE', keys[1], lasts * 2)
  if total ~= before then redis.call('SPUBLISH', args[4], 'p ' .. total) end
  return total
end

redis.register_function('nightjar_open', open)
redis.register_function('nightjar_read', read)
redis.register_function('nightjar_append', append)
redis.register_function('nightjar_strike', strike)
redis.register_function('nightjar_fill', fill)
redis.register_function('nightjar_seed', seed)
redis.register_function('nightjar_forget', forget)
redis.register_function('nightjar_seat', seat)
redis.register_function('nightjar_permit', permit)
redis.register_function('nightjar_presence', presence)
