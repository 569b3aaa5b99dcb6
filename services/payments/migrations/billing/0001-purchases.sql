-- What was bought through which gateway. This schema's role reads nothing of the ledger, nor the ledger's role this.
create table purchases (
  purchase_id text collate "C" primary key,
  gateway text collate "C" not null,
  amount bigint not null check (amount > 0),
  state text collate "C" not null default 'started' check (state in ('started', 'paid', 'credited')),
  -- SHA-256 over wallet and Idempotency-Key: whoever repeats a request finds it again, and it names no wallet.
  idempotency bytea not null unique check (octet_length(idempotency) = 32),
  -- SHA-256 over the request proof's own id: one proof buys once.
  proof bytea not null unique check (octet_length(proof) = 32)
);

-- Each event as the gateway sent it, once.
create table gateway_events (
  gateway text collate "C" not null,
  event_id text collate "C" not null,
  purchase_id text collate "C" not null references purchases,
  raw bytea not null,
  received_at timestamptz not null default now(),
  primary key (gateway, event_id)
);
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows are never changed', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger immutable before update or delete or truncate on gateway_events execute function refuse_change();

-- The one place where a purchase meets a wallet, for as long as it takes: the row goes once the ledger has the credit.
create table credit_orders (
  -- Random, made for this crossing, and all that the ledger learns of a purchase.
  credit_id text collate "C" primary key,
  purchase_id text collate "C" not null unique references purchases,
  wallet_id text collate "C" not null,
  gateway text collate "C" not null,
  amount bigint not null check (amount > 0),
  due boolean not null default false
);
create index credit_orders_due on credit_orders (credit_id) where due;

-- Begins a purchase, or finds the one that this wallet began with this key. `code` is started, again,
-- idempotency_key_reused or proof_used.
create function start_purchase(
  new_purchase text, new_credit text, wallet text, new_gateway text, new_amount bigint, new_idempotency bytea, new_proof bytea
) returns table (code text, purchase_id text, state text)
language plpgsql as $$
#variable_conflict use_column
declare
  made text;
begin
  insert into purchases (purchase_id, gateway, amount, idempotency, proof)
    values (new_purchase, new_gateway, new_amount, new_idempotency, new_proof)
    on conflict do nothing returning purchases.purchase_id into made;
  if made is not null then
    insert into credit_orders (credit_id, purchase_id, wallet_id, gateway, amount)
      values (new_credit, made, wallet, new_gateway, new_amount);
    return query select 'started', made, 'started';
    return;
  end if;
  return query
    select case when gateway = new_gateway and amount = new_amount then 'again' else 'idempotency_key_reused' end,
      purchases.purchase_id, purchases.state
    from purchases where idempotency = new_idempotency;
  if not found then
    return query select 'proof_used', null::text, null::text;
  end if;
end $$;

-- Keeps a gateway's verified word that a purchase is paid and makes its credit due. Again: nothing.
create function record_paid(event_gateway text, event text, purchase text, paid_amount bigint, raw_event bytea)
returns boolean language plpgsql as $$
begin
  insert into gateway_events (gateway, event_id, purchase_id, raw)
    values (event_gateway, event, purchase, raw_event) on conflict do nothing;
  update purchases set state = 'paid'
    where purchase_id = purchase and gateway = event_gateway and amount = paid_amount and state = 'started';
  if not found then
    return false;
  end if;
  update credit_orders set due = true where purchase_id = purchase;
  return true;
end $$;

-- Forgets which wallet it was, now that the ledger has the credit.
create function finish_credit(credit text) returns void language plpgsql as $$
begin
  with gone as (delete from credit_orders where credit_id = credit and due returning purchase_id)
  update purchases set state = 'credited' from gone where purchases.purchase_id = gone.purchase_id;
end $$;
