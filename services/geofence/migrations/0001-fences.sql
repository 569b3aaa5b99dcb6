create table fences (
  room_id text collate "C" primary key,
  broadcaster_id text collate "C" not null,
  version bigint not null check (version > 0),
  -- As written by the broadcaster; a policy is compiled from it whenever one is published.
  rules jsonb not null
);

-- What was in force when, for the broadcaster who asks later; the last ones of each room.
create table policy_versions (
  room_id text collate "C" not null references fences on delete cascade,
  version bigint not null,
  rules jsonb not null,
  made_at timestamptz not null default now(),
  primary key (room_id, version)
);
