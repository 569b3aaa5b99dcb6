create table rooms (
  id text collate "C" primary key,
  slug text collate "C" not null unique,
  broadcaster_id text collate "C" not null,
  title text not null,
  -- The latest number in this room's outbox; taken under this row's lock.
  seq bigint not null default 0,
  -- 0: there was never a menu.
  menu_version integer not null default 0,
  created_at timestamptz not null default now()
);
create index rooms_of_broadcaster on rooms (broadcaster_id);

-- What an Idempotency-Key stands for, from before the room is there: its id is needed for the fence, which comes first.
create table room_creations (
  broadcaster_id text collate "C" not null,
  key text collate "C" not null,
  asked bytea not null,
  room_id text collate "C" not null unique,
  created_at timestamptz not null default now(),
  primary key (broadcaster_id, key)
);
create index room_creations_by_age on room_creations (created_at);

create table menus (
  room_id text collate "C" not null references rooms,
  version integer not null check (version > 0),
  items jsonb not null,
  created_at timestamptz not null default now(),
  primary key (room_id, version)
);

create table shows (
  id text collate "C" primary key,
  room_id text collate "C" not null references rooms,
  mode text not null check (mode = 'public'),
  -- To the millisecond, as cursors of the directory carry it.
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  -- When the reconciler last saw somebody publish; null when it last looked and nobody did.
  picture_at timestamptz,
  -- When it last looked into the room itself: for a moment that is newer than LiveKit's own count of publishers.
  looked_at timestamptz
);
create unique index one_open_show_per_room on shows (room_id) where ended_at is null;
create index open_shows_newest_first on shows (started_at desc, id desc) where ended_at is null;

create table denials (
  room_id text collate "C" not null references rooms,
  pseudonym text collate "C" not null,
  created_at timestamptz not null default now(),
  primary key (room_id, pseudonym)
);

-- Which of LiveKit's identities a pseudonym has in a show, so that a denial finds them. Gone soon after the show.
create table media_grants (
  identity text collate "C" primary key,
  show_id text collate "C" not null references shows,
  room_id text collate "C" not null,
  pseudonym text collate "C" not null,
  created_at timestamptz not null default now()
);
create index media_grants_of_show on media_grants (show_id);
create index media_grants_of_pseudonym on media_grants (room_id, pseudonym);

-- One row: when some pod last swept, so that all pods together keep one pace.
create table sweep (
  one boolean primary key default true check (one),
  swept_at timestamptz not null default '-infinity'
);
insert into sweep default values;

create table outbox (
  room_id text collate "C" not null,
  seq bigint not null,
  partition smallint not null,
  event text not null,
  payload bytea not null,
  trace text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (room_id, seq)
);
create index outbox_unsent on outbox (partition, room_id, seq) where sent_at is null;
create index outbox_by_age on outbox (created_at) where sent_at is not null;
