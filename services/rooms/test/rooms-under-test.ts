import { randomUUID } from 'node:crypto';
import type { Connection } from '@nightjar/fence/connection';
import { bundledGeoipFile } from '@nightjar/fence/mmdb';
import { makePolicyKeys } from '@nightjar/fence/node/policy-keys';
import { silentLog } from '@nightjar/kit/log';
import { migrate } from '@nightjar/kit/migrate';
import { connectNats } from '@nightjar/kit/nats';
import { provisionNats } from '@nightjar/kit/nats-provision';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import type { RunningServer } from '@nightjar/testkit/servers/running-server';
import { testEdge } from '@nightjar/testkit/test-edge';
import { testBus, testDatabase } from '@nightjar/testkit/test-servers';
import type { Config } from '../src/config.ts';
import type { Context } from '../src/context.ts';
import { MIGRATIONS } from '../src/migrations.ts';
import { start } from '../src/service.ts';
import type { Tables } from '../src/store/tables.ts';
import { startNeighbours } from './neighbours.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 } as const;
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

/** PostgreSQL with the tables of rooms, NATS, the neighbours, and as many pods of rooms on them as a test starts. */
export async function roomsPlatform(changes: Partial<Config> = {}, server?: RunningServer) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase({ schemas: ['rooms'], ...(server ? { server } : {}) }));
  const natsServer = stack.use(await testBus());
  const pool = openPool(database.urls.rooms, 'test', 4, silentLog);
  const db = openDatabase<Tables>(pool);
  stack.defer(() => db.destroy());
  await migrate(db, MIGRATIONS, silentLog);
  const nats = await connectNats(natsServer.url, 'test', silentLog);
  stack.defer(() => nats.close());
  await provisionNats(nats);
  const neighbours = stack.use(await startNeighbours(nats));
  const refused = new Set<string>();
  const fence = {
    allows: (roomId: string, { clientAddress }: Connection) => !refused.has(`${roomId} ${clientAddress}`),
  };
  const config: Config = {
    httpListen: LOOPBACK,
    internalListen: LOOPBACK,
    natsUrl: natsServer.urlOf('rooms'),
    postgresUrl: database.urls.rooms,
    livekitUrl: NOWHERE,
    livekitPublicUrl: 'ws://127.0.0.1:9',
    livekitKey: 'key',
    livekitSecret: 'a secret of at least thirty-two bytes',
    geoipFile: bundledGeoipFile(),
    fencePublicKeys: makePolicyKeys(Date.now()).publicFile,
    trustedHops: ['127.0.0.1'],
    edgePublicKeys: testEdge.publicKeys,
    streamCopies: 1,
    logLevel: 'error',
    otlpUrl: '',
    ...changes,
  };
  const owned = stack.move();
  return {
    config,
    database,
    db,
    nats,
    natsServer,
    neighbours,
    pool,
    /** From this address the room is fenced off, for pods that take this fence. */
    refuse: (roomId: string, address: string) => void refused.add(`${roomId} ${address}`),
    /** A pod that answers to requests; its fence is what `refuse` says. */
    startRooms: (more: Partial<Config> = {}) => startPod({ ...config, ...more }, { fence }),
    /** A pod that follows signed policies. */
    startRoomsWithRealFence: () => startPod(config, {}),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
async function startPod(config: Config, overrides: Partial<Context>) {
  const rooms = await start(config, { log: silentLog, ...overrides });
  return { ...rooms, api: apiOf(rooms.urls.http) };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what came, whatever it is.
  readonly body: any;
}

export type Api = ReturnType<typeof apiOf>;

function apiOf(base: string) {
  return async function ask(
    method: string,
    path: string,
    options: {
      token?: string;
      key?: string;
      body?: unknown;
      from?: string;
      /** The address of somebody who comes through the edge. */
      throughEdge?: string;
    } = {},
  ): Promise<Answer> {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
        ...(options.key ? { 'idempotency-key': options.key } : {}),
        ...(options.throughEdge ? testEdge.facts({ address: options.throughEdge }) : {}),
        ...(options.from ? { 'x-forwarded-for': options.from } : {}),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  };
}

export interface OwnedRoom {
  readonly roomId: string;
  readonly slug: string;
  readonly broadcasterId: string;
  /** The owner's access token. */
  readonly token: string;
}

/** A new room of a new broadcaster. */
export async function newRoom(
  api: Api,
  neighbours: { accessToken(broadcaster?: string): Promise<string> },
): Promise<OwnedRoom> {
  const broadcasterId = `bcst_${randomUUID()}`;
  const token = await neighbours.accessToken(broadcasterId);
  const made = await api('POST', '/v1/rooms', {
    token,
    key: randomUUID(),
    body: { name: 'lamp', title: 'A lamp' },
  });
  if (made.status !== 201) throw new Error(`no room: ${made.text}`);
  return { roomId: made.body.roomId, slug: made.body.slug, broadcasterId, token };
}

/** Goes live; answers the show's id. */
export async function goLive(api: Api, room: OwnedRoom): Promise<string> {
  const started = await api('POST', `/v1/rooms/${room.roomId}/shows`, {
    token: room.token,
    body: { mode: 'public' },
  });
  if (started.status !== 201) throw new Error(`no show: ${started.text}`);
  return started.body.showId;
}

/** A pseudonym as auth makes them. */
export function pseudonym(): string {
  return `pn_${randomUUID()}`;
}

/** Decides about somebody as the room's owner; answers the sanction. */
export async function sanction(
  api: Api,
  room: OwnedRoom,
  who: string,
  body: { what: string; minutes?: number },
): Promise<{ pseudonym: string; what: string; until?: string; decidedAt: string }> {
  const path = `/v1/rooms/${room.roomId}/sanctions/${who}`;
  const decided = await api('PUT', path, { token: room.token, body });
  if (decided.status !== 200) throw new Error(`no sanction: ${decided.text}`);
  return decided.body;
}
