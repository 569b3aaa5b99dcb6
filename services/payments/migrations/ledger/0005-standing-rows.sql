-- A tip ends once and never becomes another tip, and a wallet never gets another key: whoever writes it.
create function refuse_row_change() returns trigger language plpgsql as $$
begin
  raise exception 'this row of % stands', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger ended_tip_stands before update on tips for each row when (old.result is not null)
  execute function refuse_row_change();
create trigger same_tip before update on tips for each row
  when ((old.tip_id, old.room_id, old.seq, old.wallet_id, old.amount, old.digest, old.duration_ms)
    is distinct from (new.tip_id, new.room_id, new.seq, new.wallet_id, new.amount, new.digest, new.duration_ms))
  execute function refuse_row_change();
create trigger same_wallet before update on wallets for each row execute function refuse_row_change();
create trigger same_account before update on accounts for each row
  when (old.kind <> new.kind or old.owner <> new.owner or new.debits < old.debits or new.credits < old.credits
    or new.seq < old.seq)
  execute function refuse_row_change();
