#!lua name=nightjar_room
-- One room's log, snapshot, seat and presence. All keys of a call carry the hash tag {room id}, so they share a slot, and
-- the room's channel shares it too. A script does not roll back: everything is validated before the first write.
--
-- A log's epoch is bound to the run id of the server process that began it. After a restart or a failover the run id
-- differs and a new epoch begins, even where the data came back, because its tail may be missing and offsets must never
-- be used twice.

local LOG_KEPT_MS = 86400000
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
  local meta = redis.call('HMGET', keys[1], 'epoch', 'run', 'offset')
  if meta[1] and meta[2] == this_run() then
    return meta[1], tonumber(meta[3])
  end
  if candidate == '' then error({ err = 'ERR nightjar: no candidate epoch' }) end
  redis.call('DEL', keys[1], keys[2], keys[3], keys[4])
  redis.call('HSET', keys[1], 'epoch', candidate, 'run', this_run(), 'offset', 0, 'since', now_ms())
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

-- KEYS meta, log, snapshot, seat, id. ARGV candidate epoch, source, sequence ('' for none), base ('1': may begin the
-- source's sequence in this epoch), entry, log entries kept, snapshot field to set or '', its value, fields to delete or
-- '' (separated by spaces), channel, how long the id is remembered in ms ('' where the id key is not used), who must hold
-- the seat or '', the tip whose progress it is or '', its state.
-- A state is kept beside its tip, only while the tip is in the snapshot; one that has begun is never waiting again.
-- Answers {status, epoch, offset, last sequence}: 'ok', 'dup' (changes nothing), 'gap' (the source must be asked first) or
-- 'seat' (somebody else holds it, or nobody).
local function append(keys, args)
  local source, base, entry, channel = args[2], args[4] == '1', args[5], args[10]
  local seq = args[3] ~= '' and whole(args[3], 'sequence') or nil
  local kept = whole(args[6], 'kept')
  local id_ms = args[11] ~= '' and whole(args[11], 'id time') or nil
  -- A pod of an earlier version says nothing of the last three.
  local holder, tip_id, state = args[12] or '', args[13] or '', args[14]
  if tip_id ~= '' and not PROGRESS_STATES[state] then error({ err = 'ERR nightjar: no state of progress' }) end
  if string.sub(entry, 1, 1) ~= '{' then error({ err = 'ERR nightjar: entry is not an object' }) end

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
    local before = redis.call('GET', keys[5])
    if before then return { 'dup', epoch, tonumber(before), '' } end
  end

  offset = offset + 1
  redis.call('XADD', keys[2], 'MAXLEN', '~', kept, offset .. '-0', 'e', entry)
  if seq then
    redis.call('HSET', keys[1], 'offset', offset, seq_field, args[3])
  else
    redis.call('HSET', keys[1], 'offset', offset)
  end
  if id_ms then redis.call('SET', keys[5], offset, 'PX', id_ms) end
  if args[7] ~= '' then redis.call('HSET', keys[3], args[7], args[8]) end
  for field in string.gmatch(args[9], '%S+') do redis.call('HDEL', keys[3], field) end
  if tip_id ~= '' and redis.call('HEXISTS', keys[3], 'tip:' .. tip_id) == 1 then
    redis.call(state == 'queued' and 'HSETNX' or 'HSET', keys[3], 'state:' .. tip_id, state)
  end
  for i = 1, 3 do redis.call('PEXPIRE', keys[i], LOG_KEPT_MS) end
  redis.call('SPUBLISH', channel, 'e ' .. epoch .. ' ' .. offset .. ' ' .. entry)
  return { 'ok', epoch, offset, args[3] }
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
redis.register_function('nightjar_append', append)
redis.register_function('nightjar_seed', seed)
redis.register_function('nightjar_forget', forget)
redis.register_function('nightjar_seat', seat)
redis.register_function('nightjar_permit', permit)
redis.register_function('nightjar_presence', presence)
