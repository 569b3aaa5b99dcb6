-- For a single tip, short statements one after the other cost less than one long statement for many.

-- What `take_tips` does, for a tip that comes alone, as nearly all do. A batch is cheaper from a few tips on. A test holds
-- the two to the same answers and the same books.
create function take_tip(
  tip text, room text, room_partition smallint, wallet text, tokens bigint, asked bytea, order_expires_ms bigint,
  start_within int, duration int, grace_ms int, event bytea, cause text
) returns table (code text, seq bigint, held boolean, start_by timestamptz, payload bytea)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan set jit = off
as $$
#variable_conflict use_variable
declare
  moment timestamptz;
  escrow accounts;
  purse accounts;
  known tips;
  target bigint;
begin
  select * into escrow from accounts where owner = room and kind = 'escrow' for no key update;
  if not found then
    -- Nothing is locked yet, so another opener may be waited for.
    insert into accounts (kind, owner, partition) values ('escrow', room, room_partition) on conflict do nothing;
    insert into accounts (kind, owner) values ('earnings', room) on conflict do nothing;
    select * into escrow from accounts where owner = room and kind = 'escrow' for no key update;
  end if;
  select * into purse from accounts where owner = wallet and kind = 'wallet' for no key update;
  moment := date_trunc('milliseconds', clock_timestamp());

  select * into known from tips where tip_id = tip;
  if found then
    code := case when known.room_id = room and known.digest = asked then 'again' else 'tip_id_taken' end;
    seq := known.seq;
    held := known.duration_ms is not null;
    start_by := known.start_by;
    return next;
    return;
  end if;
  code := case
    when purse.account_id is null then 'wallet_unknown'
    when order_expires_ms < extract(epoch from moment) * 1000 then 'tip_order_expired'
    when purse.credits - purse.debits < tokens then 'insufficient_tokens'
    else 'accepted'
  end;
  if code <> 'accepted' then
    return next;
    return;
  end if;

  held := duration is not null;
  seq := escrow.seq + 1;
  update accounts set debits = debits + tokens where account_id = purse.account_id;
  update accounts a set seq = a.seq + 1, credits = a.credits + case when held then tokens else 0 end
    where account_id = escrow.account_id;
  if held then
    start_by := moment + start_within * interval '1 ms';
    target := escrow.account_id;
  else
    update accounts set credits = credits + tokens where owner = room and kind = 'earnings'
      returning account_id into strict target;
  end if;
  insert into tips (tip_id, room_id, seq, wallet_id, amount, duration_ms, digest, accepted_at, start_by, expires_at,
      result, settled)
    values (tip, room, seq, wallet, tokens, duration, asked, moment, start_by,
      start_by + (duration + grace_ms) * interval '1 ms',
      case when not held then 'paid'::tip_result end, case when held then 0 else tokens end);
  insert into transfers (kind, debit_account, credit_account, amount, tip_id, at)
    values (case when held then 'hold' else 'pay' end::transfer_kind, purse.account_id, target, tokens, tip, moment);
  payload := event || tip_accepted_rest(seq, moment, start_by);
  insert into outbox (room_id, seq, partition, event, payload, trace)
    values (room, seq, escrow.partition, 'tip_accepted', payload, cause);
  return next;
end $$;

-- Ends a held tip; the caller holds the lock of its room's escrow, and of its wallet where it ends several. Tokens that do
-- not go to the room go back.
create function end_tip(standing tips, said tip_result, settled bigint, ran_ms int, cause text)
returns table (seq bigint, payload bytea)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan set jit = off
as $$
#variable_conflict use_variable
declare
  returned bigint := standing.amount - settled;
  moment timestamptz;
  purse bigint;
  earnings bigint;
  escrow accounts;
begin
  if returned > 0 then
    update accounts set credits = credits + returned where owner = standing.wallet_id and kind = 'wallet'
      returning account_id into strict purse;
  end if;
  moment := date_trunc('milliseconds', clock_timestamp());
  update accounts a set seq = a.seq + 1, debits = a.debits + standing.amount
    where owner = standing.room_id and kind = 'escrow' returning * into strict escrow;
  seq := escrow.seq;
  -- On the right of each sign stands the variable.
  update tips set result = said, settled = settled, returned = returned, ran_ms = ran_ms, ended_seq = seq, ended_at = moment
    where tip_id = standing.tip_id;
  if settled > 0 then
    update accounts set credits = credits + settled where owner = standing.room_id and kind = 'earnings'
      returning account_id into strict earnings;
    insert into transfers (kind, debit_account, credit_account, amount, tip_id, at)
      values ('settle', escrow.account_id, earnings, settled, standing.tip_id, moment);
  end if;
  if returned > 0 then
    insert into transfers (kind, debit_account, credit_account, amount, tip_id, at)
      values ('return', escrow.account_id, purse, returned, standing.tip_id, moment);
  end if;
  payload := tip_settled_event(standing.room_id, seq, moment, standing.tip_id, said, settled, returned, ran_ms);
  insert into outbox (room_id, seq, partition, event, payload, trace)
    values (standing.room_id, seq, escrow.partition, 'tip_settled', payload,
      coalesce(cause, (select accepted.trace from outbox accepted
        where accepted.room_id = standing.room_id and accepted.seq = standing.seq)));
  return next;
end $$;

-- Settles one tip by a bridge's outcome and keeps that as evidence, at most so many per tip. What came first stands, and
-- the database's clock has the last word: past `expires_at` the tokens go back, whatever the outcome says.
create or replace function settle_tip(
  tip text, room text, said_result tip_result, settled_amount bigint, said_ran_ms int,
  body bytea, signature bytea, public_key bytea, outcomes_max int, trace text
) returns table (ended boolean, result tip_result, settled bigint, returned bigint, ran_ms int, seq bigint, payload bytea)
language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan set jit = off
as $$
#variable_conflict use_variable
declare
  standing tips;
begin
  perform from accounts where owner = room and kind = 'escrow' for no key update;
  select * into strict standing from tips where tip_id = tip and room_id = room;
  ended := standing.result is null;
  if not ended then
    result := standing.result;
    settled := standing.settled;
    ran_ms := standing.ran_ms;
  elsif standing.expires_at <= clock_timestamp() then
    result := 'expired';
    settled := 0;
    ran_ms := 0;
  else
    result := said_result;
    settled := settled_amount;
    ran_ms := said_ran_ms;
  end if;
  returned := standing.amount - settled;
  if ended then
    select * into seq, payload from end_tip(standing, result, settled, ran_ms, trace);
  end if;
  insert into tip_outcomes (tip_id, body, signature, public_key, counted, at)
    select tip, body, signature, public_key, ended and result <> 'expired', clock_timestamp()
    where (select count(*) from tip_outcomes kept where kept.tip_id = tip) < outcomes_max
    on conflict do nothing;
  return next;
end $$;

-- Gives back what is held past its time. Rooms that somebody else is busy with are left for the next turn, so several
-- pods may sweep at once.
create or replace function expire_tips(tips_max int) returns table (tip_id text, partition smallint)
language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan set jit = off
as $$
#variable_conflict use_column
declare
  escrows bigint[];
  rooms text[];
  due text[];
  standing tips;
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
  perform lock_accounts('wallet', array(select wallet_id from tips where tips.tip_id = any (due)));
  for standing in select * from tips where tips.tip_id = any (due) order by room_id, seq loop
    perform end_tip(standing, 'expired', 0, 0, null);
  end loop;
  return query select ended.tip_id, escrow.partition from tips ended
    join accounts escrow on escrow.owner = ended.room_id and escrow.kind = 'escrow'
    where ended.tip_id = any (due);
end $$;

drop function end_tips(text[], tip_result[], bigint[], int[], text[]);
