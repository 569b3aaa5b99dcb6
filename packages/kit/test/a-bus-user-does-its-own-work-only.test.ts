import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { PaymentsService } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { NATS_USERS, type NatsUser, natsPermissions } from '@nightjar/contracts/nats-permissions';
import {
  eventSubject,
  FENCE_STREAM,
  fencePolicySubject,
  ROOM_EVENTS_STREAM,
  rpcSubject,
} from '@nightjar/contracts/subjects';
import { eventually } from '@nightjar/testkit/eventually';
import { type TestBus, testBus, testNats } from '@nightjar/testkit/test-servers';
import { type Log, silentLog } from '../src/log.ts';
import { connectNats } from '../src/nats.ts';
import { provisionNats } from '../src/nats-provision.ts';
import { RPC_HEADERS } from '../src/rpc.ts';
import { client } from '../src/rpc-client.ts';
import { serve } from '../src/rpc-server.ts';

let bus: TestBus;
let admin: NatsConnection;
const as = {} as Record<NatsUser, NatsConnection>;
/** `rooms publish evt.payments…`, as the services log it. */
const refused: string[] = [];

beforeAll(async () => {
  bus = await testBus();
  admin = await connectNats(bus.url, 'test', silentLog);
  await provisionNats(admin);
  for (const user of NATS_USERS) {
    const log: Log = {
      ...silentLog,
      error: (event, fields) => {
        if (event === 'nats_permission_refused') refused.push(`${user} ${fields?.code} ${fields?.method}`);
      },
    };
    as[user] = await connectNats(bus.urlOf(user), 'test', log, { user });
  }
});
afterAll(async () => {
  for (const nc of Object.values(as)) await nc.close();
  await admin?.close();
  await bus?.[Symbol.asyncDispose]();
});

/** A subject of a pattern, as somebody would use it. */
const concrete = (pattern: string): string => pattern.replaceAll('*', 'x');

function fits(subject: string, pattern: string): boolean {
  const [words, wanted] = [subject.split('.'), pattern.split('.')];
  return words.length === wanted.length && wanted.every((word, i) => word === '*' || word === words[i]);
}

/** What the server refused came before its answer, and is logged in the same turn. */
async function settled(user: NatsUser): Promise<void> {
  await as[user].flush();
  await new Promise(setImmediate);
}

async function mayPublish(user: NatsUser, subject: string): Promise<boolean> {
  const before = refused.length;
  as[user].publish(subject);
  await settled(user);
  return refused.length === before;
}

async function maySubscribe(user: NatsUser, subject: string): Promise<boolean> {
  const before = refused.length;
  const subscription = as[user].subscribe(subject, { callback: () => {} });
  await settled(user);
  subscription.unsubscribe();
  return refused.length === before;
}

test('the server lets each user say and hear what its row has, and nothing of the rows of others', async () => {
  const rows = NATS_USERS.map((user) => natsPermissions(user));
  const said = new Set(rows.flatMap(({ publish }) => publish.map(concrete)));
  const heard = new Set(rows.flatMap(({ subscribe }) => subscribe.map(concrete)));
  expect(said.size).toBeGreaterThan(25);
  const wrong: string[] = [];
  for (const user of NATS_USERS) {
    const { publish, subscribe } = natsPermissions(user);
    for (const subject of said)
      if ((await mayPublish(user, subject)) !== publish.some((pattern) => fits(subject, pattern)))
        wrong.push(`${user} publishes ${subject}`);
    for (const subject of heard)
      if ((await maySubscribe(user, subject)) !== subscribe.some((pattern) => fits(subject, pattern)))
        wrong.push(`${user} subscribes to ${subject}`);
  }
  expect(wrong).toEqual([]);
});

test('nobody hears the whole bus, another one, or the answers to another one', async () => {
  const everything = ['>', '*.>', 'evt.>', 'rpc.>', '$JS.>', '_INBOX.>', '_INBOX_payments.>', '$KV.>'];
  for (const user of NATS_USERS.filter((each) => each !== 'payments'))
    for (const subject of everything) expect(await maySubscribe(user, subject)).toBe(false);
  expect(await maySubscribe('payments', '_INBOX_events.>')).toBe(false);
});

test('rooms cannot tell what payments tells, and nobody but the two tells anything', async () => {
  const tells = async (user: NatsUser, source: 'payments' | 'rooms') =>
    mayPublish(user, eventSubject(source, 'tip_accepted', 3));
  for (const user of NATS_USERS) {
    expect(await tells(user, 'payments')).toBe(user === 'payments');
    expect(await tells(user, 'rooms')).toBe(user === 'rooms');
  }
});

test('nobody but payments answers for payments, and nobody but events asks for a tip', async () => {
  const tip = rpcSubject(PaymentsService.method.tip);
  for (const user of NATS_USERS) {
    expect(await maySubscribe(user, tip)).toBe(user === 'payments');
    expect(await mayPublish(user, tip)).toBe(user === 'events');
  }
});

test('auth neither reads nor hears policies, and only geofence puts them', async () => {
  expect(await maySubscribe('auth', fencePolicySubject('*'))).toBe(false);
  expect(await mayPublish('auth', `$JS.API.DIRECT.GET.${FENCE_STREAM}`)).toBe(false);
  expect(await mayPublish('auth', `$JS.API.STREAM.MSG.GET.${FENCE_STREAM}`)).toBe(false);
  for (const user of NATS_USERS)
    expect(await mayPublish(user, fencePolicySubject('room_1'))).toBe(user === 'geofence');
});

test('nobody throws a stream or what is in it away, makes another one, or stops a consumer', async () => {
  const acts = [ROOM_EVENTS_STREAM.name, FENCE_STREAM].flatMap((stream) => [
    `STREAM.DELETE.${stream}`,
    `STREAM.PURGE.${stream}`,
    `STREAM.MSG.DELETE.${stream}`,
    `STREAM.SNAPSHOT.${stream}`,
    `CONSUMER.DELETE.${stream}.room-log-1`,
    `CONSUMER.PAUSE.${stream}.room-log-1`,
  ]);
  for (const user of NATS_USERS)
    for (const act of [...acts, 'STREAM.CREATE.OTHER', 'STREAM.LIST', 'STREAM.NAMES', 'INFO'])
      expect(await mayPublish(user, `$JS.API.${act}`)).toBe(false);
});

test('only setup changes a stream, and it says and hears nothing else', async () => {
  for (const user of NATS_USERS)
    expect(await mayPublish(user, `$JS.API.STREAM.UPDATE.${ROOM_EVENTS_STREAM.name}`)).toBe(user === 'setup');
  await using _ = serve(as.rooms, RoomsService, NO_ROOMS, silentLog);
  await as.rooms.flush();
  await expect(client(as.setup, 'setup', RoomsService).getRoom({ roomId: 'r' })).rejects.toMatchObject({
    code: 'unavailable',
  });
});

const NO_ROOMS = {
  admit: async () => ({}),
  getRoom: async ({ roomId }: { roomId: string }) => ({ roomId, broadcasterId: 'bcst_1' }),
  listRoomEvents: async () => ({}),
};

test('who serves answers into the inbox of who asks, once', async () => {
  await using _ = serve(as.rooms, RoomsService, NO_ROOMS, silentLog);
  await as.rooms.flush();
  const room = await client(as.events, 'events', RoomsService).getRoom({ roomId: 'room_9' });
  expect(room.roomId).toBe('room_9');
  expect(await mayPublish('rooms', '_INBOX_events.guessed.1')).toBe(false);
});

test('a call that is not allowed ends at once, as unavailable, and the caller lives on', async () => {
  const began = performance.now();
  await expect(client(as.geofence, 'geofence', PaymentsService).tip({})).rejects.toMatchObject({
    code: 'unavailable',
  });
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(refused).toContain(`geofence publish ${rpcSubject(PaymentsService.method.tip)}`);
  expect(await mayPublish('geofence', fencePolicySubject('room_1'))).toBe(true);
});

/** What a thief of geofence's password can do: a policy's place takes any bytes, and JetStream reads them out to where one likes. */
async function readAloud(at: string, bytes: string, head: Readonly<Record<string, string>>): Promise<void> {
  const stored = headers();
  for (const [name, value] of Object.entries(head)) stored.set(name, value);
  const { seq } = await jetstream(as.geofence).publish(fencePolicySubject('room_2'), bytes, {
    headers: stored,
  });
  as.geofence.publish(`$JS.API.DIRECT.GET.${FENCE_STREAM}`, JSON.stringify({ seq }), { reply: at });
  await as.geofence.flush();
}

test('what JetStream says for somebody else is no request', async () => {
  const asked: string[] = [];
  const getRoom = async ({ roomId }: { roomId: string }) => {
    asked.push(roomId);
    return { roomId };
  };
  await using _ = serve(as.rooms, RoomsService, { ...NO_ROOMS, getRoom }, silentLog);
  await as.rooms.flush();
  const heard: boolean[] = [];
  const subject = rpcSubject(RoomsService.method.getRoom);
  admin.subscribe(subject, {
    callback: (_error, { headers: head }) => void heard.push(head?.has('Nats-Stream') ?? false),
  });
  await admin.flush();
  await readAloud(subject, '', { [RPC_HEADERS.deadline]: String(Date.now() + 60_000) });
  await client(as.payments, 'payments', RoomsService).getRoom({ roomId: 'asked' });
  // JetStream says it on the very subject, and whoever serves there passes over it.
  await eventually(async () => expect(heard.toSorted()).toEqual([false, true]));
  expect(asked).toEqual(['asked']);
});

test('an answer goes to an inbox and nowhere else', async () => {
  await using _ = serve(as.rooms, RoomsService, NO_ROOMS, silentLog);
  const forged = eventSubject('payments', 'tip_accepted', 3);
  const heard: string[] = [];
  admin.subscribe(forged, { callback: (_error, { subject }) => void heard.push(subject) });
  await as.rooms.flush();
  await admin.flush();
  const head = headers();
  head.set(RPC_HEADERS.deadline, String(Date.now() + 60_000));
  as.payments.publish(rpcSubject(RoomsService.method.getRoom), '', { reply: forged, headers: head });
  await client(as.payments, 'payments', RoomsService).getRoom({ roomId: 'asked' });
  await admin.flush();
  expect(heard).toEqual([]);
});

test('a service that only follows needs no right to make what it follows', async () => {
  const { streams } = await jetstreamManager(as.events, { checkAPI: false });
  await expect(streams.info(ROOM_EVENTS_STREAM.name)).rejects.toThrow(/Permissions Violation/);
  await expect(streams.info(FENCE_STREAM)).resolves.toMatchObject({ config: { name: FENCE_STREAM } });
});

test.each(['docs/reference/nats-users.md', 'helm/nightjar/files/nats-permissions.json'])(
  'a server takes what %s has, and holds users to it',
  async (file) => {
    const text = await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8');
    await using server = await testNats({ config: file.endsWith('.md') ? pasted(text) : charted(text) });
    const url = (user: string) => server.url.replace('//', `//${user}:PASSWORD_OF_${user.toUpperCase()}@`);
    const log: Log = { ...silentLog, error: (event, fields) => refused.push(`${event} ${fields?.method}`) };
    for (const user of NATS_USERS) {
      const nc = await connectNats(url(user), 'test', log, { user });
      const { publish } = natsPermissions(user);
      const before = refused.length;
      for (const subject of publish) nc.publish(concrete(subject));
      nc.publish('evt.nobody.v1.says.0');
      await nc.flush();
      await new Promise(setImmediate);
      await nc.close();
      expect(refused.slice(before)).toEqual(['nats_permission_refused evt.nobody.v1.says.0']);
    }
  },
);

const pasted = (page: string): string => /```\n(authorization .*?)```/s.exec(page)?.[1] ?? '';

function charted(file: string): string {
  const users = Object.entries(JSON.parse(file) as Record<string, object>).map(([user, permissions]) => ({
    user,
    password: `PASSWORD_OF_${user.toUpperCase()}`,
    permissions,
  }));
  return `authorization: ${JSON.stringify({ users })}`;
}
