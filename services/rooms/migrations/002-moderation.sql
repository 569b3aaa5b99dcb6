-- What broadcasters decided about people; one decision is in force for somebody in a room, the latest.
create table sanctions (
  room_id text collate "C" not null references rooms,
  pseudonym text collate "C" not null,
  what text not null check (what in ('silenced', 'removed', 'banned')),
  -- Of a silence: when it is over.
  until timestamptz(3),
  -- Of a removal: the show that it holds for.
  show_id text collate "C" references shows,
  -- To the millisecond, as cursors carry it.
  decided_at timestamptz(3) not null default clock_timestamp(),
  primary key (room_id, pseudonym),
  check ((until is not null) = (what = 'silenced')),
  check ((show_id is not null) = (what = 'removed'))
);
create index sanctions_newest_first on sanctions (room_id, decided_at desc, pseudonym desc);
create index silences_by_end on sanctions (until) where what = 'silenced';
create index removals_by_show on sanctions (show_id) where what = 'removed';

insert into sanctions (room_id, pseudonym, what, decided_at)
  select room_id, pseudonym, 'banned', created_at from denials;
drop table denials;
-- Pods of the version before ask this one while they are being replaced.
create view denials as
  select s.room_id, s.pseudonym, s.decided_at as created_at from sanctions s
  where s.what = 'banned'
    or (s.what = 'removed' and exists (select from shows o where o.id = s.show_id and o.ended_at is null));

-- Grants of everybody are remembered, since the gate lets in nobody else: guests under no pseudonym, and the owner, whom
-- no fence and no sanction keeps out.
alter table media_grants add column owner boolean not null default false;

alter table rooms add column tags text[] not null default '{}';

create table goals (
  room_id text collate "C" primary key references rooms,
  id text collate "C" not null,
  title text not null,
  amount bigint not null check (amount > 0),
  set_at timestamptz(3) not null
);

-- A show's latest still. Not worth a log: another one comes in a moment.
create unlogged table stills (
  show_id text collate "C" primary key references shows,
  type text not null check (type in ('image/webp', 'image/jpeg', 'image/png')),
  bytes bytea not null,
  put_at timestamptz(3) not null
);
