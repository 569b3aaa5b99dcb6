-- Nothing here says when somebody came, from where, or what they did: an account is a random id and its keys.
create table accounts (
  id text collate "C" primary key check (id ~ '^acct_[0-9a-f-]{36}$')
);

create table device_keys (
  public_key bytea primary key check (octet_length(public_key) = 32),
  account_id text collate "C" not null references accounts on delete cascade
);
create index device_keys_account on device_keys (account_id);

-- The row outlives a removal (active = false), so that adding the same person again gives back the id that owns the rooms.
create table broadcasters (
  id text collate "C" primary key check (id ~ '^bcst_[0-9a-f-]{36}$'),
  account_id text collate "C" not null unique references accounts on delete cascade,
  active boolean not null default true
);

-- Hashed: who reads the table cannot answer somebody's challenge in their place.
create table challenges (
  hash bytea primary key check (octet_length(hash) = 32),
  expires_at timestamptz not null
);
create index challenges_expiry on challenges (expires_at);

-- The private half is sealed under a key that is not in this database.
create table signing_keys (
  kid text collate "C" primary key,
  public_key bytea not null check (octet_length(public_key) = 32),
  sealed_seed bytea not null,
  signs_from timestamptz not null
);
