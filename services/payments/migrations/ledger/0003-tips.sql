-- Locks are taken in one order everywhere, so that nobody can wait in a circle: rooms that are new (by owner), escrow
-- (by account), wallets (by account), tips (by id), earnings. Plans are made once per connection and are index look-ups,
-- whatever the statistics say on that day: hence the settings, and `limit 1`, which keeps a look-up from becoming a scan.

-- Locks accounts of one kind to the end of the transaction, in the order of their ids.
create function lock_accounts(wanted account_kind, owners text[]) returns void
language plpgsql as $$
declare
  ids bigint[] := array(
    select distinct found.account_id from unnest(owners) named
    cross join lateral (select account_id from accounts where owner = named and kind = wanted limit 1) found
    order by 1);
begin
  perform from accounts where account_id = any (ids) order by account_id for no key update;
end $$;

-- Takes a batch of tips: holds those with an effect, transfers the others, numbers them in their rooms and writes their
-- events, all in one statement of the caller's, so that a tip costs one round trip and one flush to disk. Tips of one
-- batch have different ids and different wallets. The same tip again changes nothing and answers the same.
-- `payload` is the event as the outbox has it, so that the caller can send it without asking for it.
-- `code` is accepted, again, tip_id_taken, wallet_unknown, tip_order_expired or insufficient_tokens.
create function take_tips(
  tip_ids text[], room_ids text[], partitions smallint[], wallet_ids text[], amounts bigint[], digests bytea[],
  order_expiries_ms bigint[], start_within_ms int[], durations_ms int[], grace_ms int, events bytea[], traces text[]
) returns table (n bigint, code text, seq bigint, held boolean, start_by timestamptz, payload bytea)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan set jit = off
as $$
#variable_conflict use_column
declare
  moment timestamptz;
begin
  -- New rooms first, since whoever waits for one to be opened must hold nothing that its opener wants.
  if exists (select from unnest(room_ids) room
             where not exists (select from accounts where owner = room and kind = 'escrow')) then
    insert into accounts (kind, owner, partition)
      select distinct 'escrow'::account_kind, room, part from unnest(room_ids, partitions) as new(room, part)
      order by room on conflict do nothing;
    insert into accounts (kind, owner)
      select distinct 'earnings'::account_kind, room from unnest(room_ids) room order by room on conflict do nothing;
  end if;
  perform lock_accounts('escrow', room_ids);
  perform lock_accounts('wallet', wallet_ids);
  -- Milliseconds, so that the receipt and the event say the same.
  moment := date_trunc('milliseconds', clock_timestamp());
  return query
  with asked as materialized (
    select * from unnest(tip_ids, room_ids, wallet_ids, amounts, digests, order_expiries_ms, start_within_ms,
      durations_ms, events, traces) with ordinality as asked(tip_id, room_id, wallet_id, amount, digest,
      order_expires_ms, start_within_ms, duration_ms, event, trace, n)
  ), judged as materialized (
    select asked.*, wallet.account_id as wallet_account, known.seq as known_seq, known.start_by as known_start_by,
      known.duration_ms is not null as known_held,
      case
        when known.tip_id is not null then
          case when known.room_id = asked.room_id and known.digest = asked.digest then 'again' else 'tip_id_taken' end
        when wallet.account_id is null then 'wallet_unknown'
        when asked.order_expires_ms < extract(epoch from moment) * 1000 then 'tip_order_expired'
        when wallet.credits - wallet.debits < asked.amount then 'insufficient_tokens'
        else 'accepted'
      end as code
    from asked
    left join tips known on known.tip_id = asked.tip_id
    left join lateral (select * from accounts where owner = asked.wallet_id and kind = 'wallet' limit 1) wallet on true
  ), taken as materialized (
    select judged.*, escrow.account_id as escrow_account, escrow.partition, earnings.account_id as earnings_account,
      escrow.seq + row_number() over (partition by judged.room_id order by n) as seq,
      duration_ms is not null as held,
      case when duration_ms is not null then moment + start_within_ms * interval '1 ms' end as start_by
    from judged
    cross join lateral (select * from accounts where owner = room_id and kind = 'escrow' limit 1) escrow
    cross join lateral (select * from accounts where owner = room_id and kind = 'earnings' limit 1) earnings
    where code = 'accepted'
  ), escrow_rows as (
    update accounts set seq = accounts.seq + moved.tips, credits = accounts.credits + moved.amount
    from (select escrow_account, count(*) as tips, coalesce(sum(amount) filter (where held), 0)::bigint as amount
          from taken group by escrow_account) moved
    where account_id = moved.escrow_account
  ), wallet_rows as (
    update accounts set debits = accounts.debits + taken.amount from taken where account_id = taken.wallet_account
  ), tip_rows as (
    insert into tips (tip_id, room_id, seq, wallet_id, amount, duration_ms, digest, accepted_at, start_by, expires_at,
      result, settled)
    select tip_id, room_id, seq, wallet_id, amount, duration_ms, digest, moment, start_by,
      start_by + (duration_ms + grace_ms) * interval '1 ms',
      case when not held then 'paid'::tip_result end, case when held then 0 else amount end
    from taken order by tip_id
  ), earnings_rows as (
    update accounts set credits = accounts.credits + moved.amount
    from (select earnings_account, sum(amount)::bigint as amount from taken where not held group by earnings_account) moved
    where account_id = moved.earnings_account
  ), transfer_rows as (
    insert into transfers (kind, debit_account, credit_account, amount, tip_id, at)
    select case when held then 'hold' else 'pay' end::transfer_kind, wallet_account,
      case when held then escrow_account else earnings_account end, amount, tip_id, moment
    from taken order by n
  ), outbox_rows as (
    insert into outbox (room_id, seq, partition, event, payload, trace)
    select room_id, seq, partition, 'tip_accepted', event || tip_accepted_rest(seq, moment, start_by), trace from taken
    returning room_id, seq, payload
  )
  select judged.n, judged.code, coalesce(taken.seq, judged.known_seq), coalesce(taken.held, judged.known_held),
    coalesce(taken.start_by, judged.known_start_by), sent.payload
  from judged left join taken on taken.n = judged.n
  left join outbox_rows sent on sent.room_id = taken.room_id and sent.seq = taken.seq;
end $$;

-- Ends held tips; the caller holds the locks of their rooms' escrow. Tokens that do not go to the room go back.
create function end_tips(tip_ids text[], results tip_result[], settled_amounts bigint[], rans_ms int[], traces text[])
returns void
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan set jit = off
as $$
#variable_conflict use_column
declare
  moment timestamptz;
begin
  perform lock_accounts('wallet', array(select wallet_id from unnest(tip_ids) id join tips on tips.tip_id = id));
  moment := date_trunc('milliseconds', clock_timestamp());
  with ending as materialized (
    select tips.tip_id, tips.room_id, tips.wallet_id, tips.amount, said.result, said.settled, said.ran_ms,
      tips.amount - said.settled as returned, escrow.account_id as escrow_account, escrow.partition,
      earnings.account_id as earnings_account, wallet.account_id as wallet_account,
      escrow.seq + row_number() over (partition by tips.room_id order by tips.seq) as seq,
      coalesce(said.trace, accepted.trace) as trace
    from unnest(tip_ids, results, settled_amounts, rans_ms, traces) as said(tip_id, result, settled, ran_ms, trace)
    join tips on tips.tip_id = said.tip_id and tips.result is null
    cross join lateral (select * from accounts where owner = tips.room_id and kind = 'escrow' limit 1) escrow
    cross join lateral (select * from accounts where owner = tips.room_id and kind = 'earnings' limit 1) earnings
    cross join lateral (select * from accounts where owner = tips.wallet_id and kind = 'wallet' limit 1) wallet
    left join outbox accepted on accepted.room_id = tips.room_id and accepted.seq = tips.seq
  ), escrow_rows as (
    update accounts set seq = accounts.seq + moved.tips, debits = accounts.debits + moved.amount
    from (select escrow_account, count(*) as tips, sum(amount)::bigint as amount from ending group by escrow_account) moved
    where account_id = moved.escrow_account
  ), wallet_rows as (
    update accounts set credits = accounts.credits + moved.amount
    from (select wallet_account, sum(returned)::bigint as amount from ending group by wallet_account) moved
    where account_id = moved.wallet_account and moved.amount > 0
  ), tip_rows as (
    update tips set result = ending.result, settled = ending.settled, returned = ending.returned,
      ran_ms = ending.ran_ms, ended_seq = ending.seq, ended_at = moment
    from ending where tips.tip_id = ending.tip_id
  ), earnings_rows as (
    update accounts set credits = accounts.credits + moved.amount
    from (select earnings_account, sum(settled)::bigint as amount from ending group by earnings_account) moved
    where account_id = moved.earnings_account and moved.amount > 0
  ), transfer_rows as (
    insert into transfers (kind, debit_account, credit_account, amount, tip_id, at)
    select 'settle'::transfer_kind, escrow_account, earnings_account, settled, tip_id, moment from ending where settled > 0
    union all
    select 'return'::transfer_kind, escrow_account, wallet_account, returned, tip_id, moment from ending where returned > 0
  )
  insert into outbox (room_id, seq, partition, event, payload, trace)
  select room_id, seq, partition, 'tip_settled',
    tip_settled_event(room_id, seq, moment, tip_id, result, settled, returned, ran_ms), trace
  from ending;
end $$;

-- Settles one tip by a bridge's outcome and keeps that as evidence, at most so many per tip. What came first stands, and
-- the database's clock has the last word: past `expires_at` the tokens go back, whatever the outcome says.
create function settle_tip(
  tip text, room text, said_result tip_result, settled_amount bigint, said_ran_ms int,
  body bytea, signature bytea, public_key bytea, outcomes_max int, trace text
) returns table (ended boolean, result tip_result, settled bigint, returned bigint, ran_ms int, seq bigint, payload bytea)
language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan set jit = off
as $$
#variable_conflict use_column
declare
  standing tips;
  late boolean;
  first boolean;
begin
  perform lock_accounts('escrow', array[room]);
  select * into strict standing from tips where tips.tip_id = tip and tips.room_id = room;
  first := standing.result is null;
  late := first and standing.expires_at <= clock_timestamp();
  if late then
    perform end_tips(array[tip], array['expired'::tip_result], array[0::bigint], array[0], array[trace]);
  elsif first then
    perform end_tips(array[tip], array[said_result], array[settled_amount], array[said_ran_ms], array[trace]);
  end if;
  insert into tip_outcomes (tip_id, body, signature, public_key, counted, at)
    select tip, settle_tip.body, settle_tip.signature, settle_tip.public_key, first and not late, clock_timestamp()
    where (select count(*) from tip_outcomes kept where kept.tip_id = tip) < outcomes_max
    on conflict do nothing;
  return query select first, tips.result, tips.settled, tips.returned, tips.ran_ms, sent.seq, sent.payload
    from tips left join outbox sent on first and sent.room_id = tips.room_id and sent.seq = tips.ended_seq
    where tips.tip_id = tip;
end $$;

-- Gives back what is held past its time. Rooms that somebody else is busy with are left for the next turn, so several
-- pods may sweep at once.
create function expire_tips(tips_max int) returns table (tip_id text, partition smallint)
language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan set jit = off
as $$
#variable_conflict use_column
declare
  escrows bigint[];
  rooms text[];
  due text[];
begin
  escrows := array(
    select distinct escrow.account_id
    from (select room_id from tips where result is null and expires_at <= clock_timestamp()
          order by expires_at limit tips_max) oldest
    cross join lateral (select account_id from accounts where owner = room_id and kind = 'escrow' limit 1) escrow);
  rooms := array(
    select owner from accounts where account_id = any (escrows) order by account_id for no key update skip locked);
  due := array(
    select tips.tip_id from tips where result is null and expires_at <= clock_timestamp() and room_id = any (rooms)
    order by expires_at limit tips_max);
  if cardinality(due) > 0 then
    perform end_tips(due, array_fill('expired'::tip_result, array[cardinality(due)]),
      array_fill(0::bigint, array[cardinality(due)]), array_fill(0, array[cardinality(due)]),
      array_fill(null::text, array[cardinality(due)]));
  end if;
  return query select ended.tip_id, escrow.partition from tips ended
    join accounts escrow on escrow.owner = ended.room_id and escrow.kind = 'escrow'
    where ended.tip_id = any (due);
end $$;
