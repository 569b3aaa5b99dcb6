-- What `take_tips` does, for a tip that comes alone, as nearly all do: short statements one after the other, which for
-- one tip cost half of what the batch's one long statement costs. A batch is still cheaper from a few tips on. A test
-- holds the two to the same answers and the same books.
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
