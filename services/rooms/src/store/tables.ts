import type { MenuItem, Sanction } from '@nightjar/contracts/ws-protocol';
import type { ColumnType, Generated, JSONColumnType, Kysely } from 'kysely';
import type { StillType } from '../domain/still.ts';

type SetByDatabase = ColumnType<Date, never, never>;

export interface Tables {
  rooms: {
    id: string;
    slug: string;
    broadcaster_id: string;
    title: string;
    tags: Generated<string[]>;
    seq: Generated<bigint>;
    menu_version: Generated<number>;
    created_at: SetByDatabase;
  };
  room_creations: {
    broadcaster_id: string;
    key: string;
    asked: Buffer;
    room_id: string;
    created_at: SetByDatabase;
  };
  menus: {
    room_id: string;
    version: number;
    items: JSONColumnType<MenuItem[], string, string>;
    created_at: SetByDatabase;
  };
  shows: {
    id: string;
    room_id: string;
    mode: 'public';
    started_at: Date;
    ended_at: Date | null;
    picture_at: Date | null;
    looked_at: Date | null;
  };
  sanctions: {
    room_id: string;
    pseudonym: string;
    what: Sanction;
    until: Date | null;
    show_id: string | null;
    decided_at: Generated<Date>;
  };
  goals: { room_id: string; id: string; title: string; amount: bigint; set_at: Date };
  stills: { show_id: string; type: StillType; bytes: Buffer; put_at: Date };
  media_grants: {
    identity: string;
    show_id: string;
    room_id: string;
    pseudonym: string;
    owner: Generated<boolean>;
    created_at: SetByDatabase;
  };
  sweep: { one: Generated<boolean>; swept_at: Date };
  outbox: {
    room_id: string;
    seq: bigint;
    partition: number;
    event: string;
    payload: Buffer;
    trace: string | null;
    created_at: SetByDatabase;
    sent_at: Date | null;
  };
}

export type Database = Kysely<Tables>;
