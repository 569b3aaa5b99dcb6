-- The wallet of a key, opened when there is none. A second key cannot have the id, nor a second wallet the key.
create function open_wallet(new_id text, key bytea) returns text
language plpgsql as $$
begin
  with opened as (
    insert into wallets (wallet_id, public_key) values (new_id, key) on conflict (public_key) do nothing returning wallet_id
  )
  insert into accounts (kind, owner) select 'wallet', wallet_id from opened;
  return (select wallet_id from wallets where public_key = key);
end $$;

-- Issues tokens for a purchase, once per credit id. Answers whether it was this call that did.
create function credit_wallet(credit text, gateway text, wallet text, tokens bigint) returns boolean
language plpgsql as $$
declare
  target bigint;
  source bigint;
begin
  insert into accounts (kind, owner) values ('issue', gateway) on conflict do nothing;
  select account_id into strict target from accounts where kind = 'wallet' and owner = wallet for no key update;
  select account_id into strict source from accounts where kind = 'issue' and owner = gateway for no key update;
  insert into transfers (kind, debit_account, credit_account, amount, credit_id, at)
    values ('issue', source, target, tokens, credit, clock_timestamp()) on conflict (credit_id) where credit_id is not null do nothing;
  if not found then
    perform from transfers where credit_id = credit and debit_account = source and credit_account = target and amount = tokens;
    if not found then
      raise exception 'a credit id stands for one credit' using errcode = 'integrity_constraint_violation';
    end if;
    return false;
  end if;
  update accounts set credits = credits + tokens where account_id = target;
  update accounts set debits = debits + tokens where account_id = source;
  return true;
end $$;
