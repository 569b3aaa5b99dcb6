-- Double entry. Debits and credits only grow; an account's balance is credits - debits. What is issued through a gateway
-- is the other side of every token there is, so it alone stands below zero.
create table accounts (
  account_id bigint generated always as identity primary key,
  kind text collate "C" not null check (kind in ('wallet', 'escrow', 'earnings', 'issue')),
  -- A wallet, a room (escrow, earnings) or a gateway (issue).
  owner text collate "C" not null,
  debits bigint not null default 0 check (debits >= 0),
  credits bigint not null default 0 check (credits >= 0),
  -- Of escrow only: the room's latest sequence number, taken under the lock that the balance needs anyway.
  seq bigint not null default 0 check (seq >= 0 and (seq = 0 or kind = 'escrow')),
  -- Of escrow only: where the room's events go.
  partition smallint check ((partition is not null) = (kind = 'escrow')),
  unique (owner, kind),
  constraint never_below_zero check (kind = 'issue' or debits <= credits),
  constraint issue_never_above_zero check (kind <> 'issue' or credits <= debits)
  -- Room in each page, so that a changed balance stays in it and touches no index.
) with (fillfactor = 50);

-- A wallet has a key of its own and nothing that leads to an account, an address or a time.
create table wallets (
  wallet_id text collate "C" primary key,
  -- Ed25519, raw.
  public_key bytea not null unique check (octet_length(public_key) = 32)
);

-- One row per tip for ever. `result` is null while its tokens are held.
create table tips (
  tip_id text collate "C" primary key,
  room_id text collate "C" not null,
  seq bigint not null check (seq > 0),
  wallet_id text collate "C" not null references wallets,
  amount bigint not null check (amount > 0),
  -- Of the effect, in milliseconds; null when there is none.
  duration_ms integer check (duration_ms > 0),
  -- Of what the viewer asked for: the same id with another content is another tip, which this id cannot be.
  digest bytea not null check (octet_length(digest) = 32),
  accepted_at timestamptz not null,
  start_by timestamptz,
  expires_at timestamptz,
  result text collate "C" check (result in ('ran', 'partly', 'expired', 'refused', 'paid')),
  settled bigint not null default 0 check (settled >= 0),
  returned bigint not null default 0 check (returned >= 0),
  ran_ms integer not null default 0 check (ran_ms >= 0),
  ended_seq bigint check (ended_seq > seq),
  ended_at timestamptz,
  constraint all_or_nothing_moved check (settled + returned = case when result is null then 0 else amount end),
  constraint held_only_for_an_effect check ((result = 'paid') is not true or duration_ms is null),
  constraint held_has_times check ((duration_ms is null) = (start_by is null) and (duration_ms is null) = (expires_at is null)),
  constraint plain_is_paid check (duration_ms is not null or result is not distinct from 'paid'),
  constraint ended_has_seq check ((ended_seq is not null) = (result is not null and result <> 'paid'))
);
create index tips_due on tips (expires_at) where result is null;
create index tips_held_of_wallet on tips (wallet_id) where result is null;

create table transfers (
  transfer_id bigint generated always as identity primary key,
  -- hold: wallet to escrow; pay: wallet to earnings; settle: escrow to earnings; return: escrow to wallet; issue: gateway to wallet.
  kind text collate "C" not null check (kind in ('hold', 'pay', 'settle', 'return', 'issue')),
  debit_account bigint not null references accounts,
  credit_account bigint not null references accounts check (credit_account <> debit_account),
  amount bigint not null check (amount > 0),
  tip_id text collate "C" references tips,
  -- A purchase's random credit id, which is all that the ledger knows of a purchase.
  credit_id text collate "C" unique,
  at timestamptz not null,
  constraint of_a_tip_or_a_credit check ((kind = 'issue') = (credit_id is not null) and (kind = 'issue') = (tip_id is null)),
  -- The database's own word that nothing moves twice for one tip.
  constraint once_per_tip unique (tip_id, kind)
);

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
