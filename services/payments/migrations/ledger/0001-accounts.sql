-- Types and few, short checks: PostgreSQL parses a table's checks anew for each statement that writes to it.
create type account_kind as enum ('wallet', 'escrow', 'earnings', 'issue');
-- hold: wallet to escrow; pay: wallet to earnings; settle: escrow to earnings; return: escrow to wallet; issue: gateway to wallet.
create type transfer_kind as enum ('hold', 'pay', 'settle', 'return', 'issue');
-- In the order of TipResult in payments.proto.
create type tip_result as enum ('ran', 'partly', 'expired', 'refused', 'paid');

-- Double entry. Debits and credits only grow; an account's balance is credits - debits. What is issued through a gateway
-- is the other side of every token there is, so it alone stands below zero.
create table accounts (
  account_id bigint generated always as identity primary key,
  kind account_kind not null,
  -- A wallet, a room (escrow, earnings) or a gateway (issue).
  owner text collate "C" not null,
  debits bigint not null default 0,
  credits bigint not null default 0,
  -- Of escrow only: the room's latest sequence number, taken under the lock that the balance needs anyway.
  seq bigint not null default 0,
  -- Of escrow only: where the room's events go.
  partition smallint,
  unique (owner, kind),
  constraint never_below_zero check (
    debits >= 0 and credits >= 0 and case kind when 'issue' then credits <= debits else debits <= credits end)
  -- Room in each page, so that a changed balance stays in it and touches no index.
) with (fillfactor = 50);

-- A wallet has a key of its own and nothing that leads to an account, an address or a time.
create table wallets (
  wallet_id text collate "C" primary key,
  -- Ed25519, raw.
  public_key bytea not null unique check (octet_length(public_key) = 32)
);

-- One row per tip for ever. `result` is null while its tokens are held.
-- Tips and transfers have no foreign keys: their rows are written by functions below alone, from rows that these hold
-- locked and that triggers keep from being deleted, and the keys' checks would be a fifth of a tip's cost. The invariant
-- checker looks for what they would refuse.
create table tips (
  tip_id text collate "C" primary key,
  room_id text collate "C" not null,
  seq bigint not null,
  wallet_id text collate "C" not null,
  amount bigint not null,
  -- Of the effect, in milliseconds; null when there is none.
  duration_ms integer,
  -- SHA-256 of what the viewer asked for: the same id with another content is another tip, which this id cannot be.
  digest bytea not null,
  accepted_at timestamptz not null,
  start_by timestamptz,
  expires_at timestamptz,
  result tip_result,
  settled bigint not null default 0,
  returned bigint not null default 0,
  ran_ms integer not null default 0,
  ended_seq bigint,
  ended_at timestamptz,
  constraint all_moved_or_nothing check (
    settled >= 0 and returned >= 0 and settled + returned = case when result is null then 0 else amount end),
  constraint held_for_an_effect_alone check (
    (duration_ms is null) = (result is not distinct from 'paid') and (duration_ms is null) = (expires_at is null))
);
create index tips_due on tips (expires_at) where result is null;
create index tips_held_of_wallet on tips (wallet_id) where result is null;

create table transfers (
  transfer_id bigint generated always as identity primary key,
  kind transfer_kind not null,
  debit_account bigint not null,
  credit_account bigint not null,
  amount bigint not null check (amount > 0),
  -- Of every kind but issue.
  tip_id text collate "C",
  -- Of issue: a purchase's random credit id, which is all that the ledger knows of a purchase.
  credit_id text collate "C",
  at timestamptz not null,
  -- The database's own word that nothing moves twice for one tip.
  constraint once_per_tip unique (tip_id, kind)
);
create unique index once_per_credit on transfers (credit_id) where credit_id is not null;

-- What bridges signed, as evidence; also what came too late to count.
create table tip_outcomes (
  tip_id text collate "C" not null references tips,
  body bytea not null check (octet_length(body) <= 1024),
  signature bytea not null check (octet_length(signature) = 64),
  public_key bytea not null check (octet_length(public_key) = 32),
  -- Whether this is the outcome that the tip ended by.
  counted boolean not null,
  at timestamptz not null,
  primary key (tip_id, body)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows are never changed', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger immutable before update or delete or truncate on transfers execute function refuse_change();
create trigger immutable before update or delete or truncate on tip_outcomes execute function refuse_change();
create trigger no_delete before delete or truncate on tips execute function refuse_change();
create trigger no_delete before delete or truncate on accounts execute function refuse_change();
create trigger no_delete before delete or truncate on wallets execute function refuse_change();

-- Room events on their way to JetStream, and for seven days the truth that a lost bus or room log is filled from.
create table outbox (
  room_id text collate "C" not null,
  seq bigint not null,
  partition smallint not null,
  event text collate "C" not null,
  payload bytea not null,
  trace text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (room_id, seq)
);
create index outbox_unsent on outbox (partition, room_id, seq) where sent_at is null;
-- For the cleaner; rows come in the order of their time, so a few pages of summaries do.
create index outbox_age on outbox using brin (created_at) with (pages_per_range = 16, autosummarize = on);
