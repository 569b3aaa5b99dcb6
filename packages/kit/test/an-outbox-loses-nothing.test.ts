import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { partitionOf, ROOM_EVENTS_STREAM } from '@nightjar/contracts/subjects';
import { eventually } from '@nightjar/testkit/eventually';
import { type TestDatabase, testDatabase, testNats, testPostgres } from '@nightjar/testkit/test-servers';
import type pg from 'pg';
import { silentLog } from '../src/log.ts';
import { connectNats } from '../src/nats.ts';
import { provisionNats } from '../src/nats-provision.ts';
import { startOutboxRelay } from '../src/outbox.ts';
import { openPool } from '../src/postgres.ts';

let postgres: Awaited<ReturnType<typeof testPostgres>>;
let database: TestDatabase<'rooms'>;
let nats: Awaited<ReturnType<typeof testNats>>;
let pool: pg.Pool;
let nc: NatsConnection;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  postgres = stack.use(await testPostgres());
  database = stack.use(await testDatabase({ schemas: ['rooms'], server: postgres }));
  nats = stack.use(await testNats());
  pool = openPool(database.urls.rooms, 'test', 20, silentLog);
  stack.defer(() => pool.end());
  await pool.query(`
    create table rooms (id text primary key, seq bigint not null default 0);
    create table outbox (room_id text collate "C" not null, seq bigint not null, partition smallint not null,
      event text not null, payload bytea not null, trace text, created_at timestamptz not null default now(),
      sent_at timestamptz, primary key (room_id, seq));
    create index outbox_unsent on outbox (partition, room_id, seq) where sent_at is null`);
  nc = await connectNats(nats.url, 'test', silentLog);
  stack.defer(() => nc.close());
  await provisionNats(nc);
}, 60_000);
afterAll(() => stack.disposeAsync());

/** A pod's relay, with a pool of its own. */
function startPod() {
  const own = openPool(database.urls.rooms, 'pod', 5, silentLog);
  const relay = startOutboxRelay({ pool: own, nc, source: 'rooms', log: silentLog });
  return {
    nudge: (roomId: string) => relay.nudge(partitionOf(roomId)),
    async [Symbol.asyncDispose]() {
      await relay[Symbol.asyncDispose]();
      await own.end();
    },
  };
}

/** One event, as services write it: the number is taken under the room's lock, held to the commit. */
async function write(roomId: string, pause: () => Promise<unknown> = async () => {}): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    const { rows } = await connection.query('update rooms set seq = seq + 1 where id = $1 returning seq', [
      roomId,
    ]);
    await connection.query(
      `insert into outbox (room_id, seq, partition, event, payload, trace) values ($1, $2, $3, 'show_ended', $4, $5)`,
      [roomId, rows[0].seq, partitionOf(roomId), Buffer.from(`${roomId}/${rows[0].seq}`), 'trace'],
    );
    await pause();
    await connection.query('commit');
  } finally {
    connection.release();
  }
}

async function addRooms(...ids: string[]): Promise<void> {
  await pool.query('insert into rooms (id) select unnest($1::text[])', [ids]);
}

/** What the stream has, by room, as a reader that drops repetitions sees it. */
async function published(): Promise<Map<string, number[]>> {
  const manager = await jetstreamManager(nc);
  const { state } = await manager.streams.info(ROOM_EVENTS_STREAM.name);
  const rooms = new Map<string, number[]>();
  if (state.messages === 0) return rooms;
  const consumer = await jetstream(nc).consumers.get(ROOM_EVENTS_STREAM.name);
  for await (const message of await consumer.fetch({ max_messages: state.messages, expires: 5_000 })) {
    const [room = '', seq] = new TextDecoder().decode(message.data).split('/');
    const seen = rooms.get(room) ?? [];
    rooms.set(room, seen);
    const before = seen.at(-1) ?? 0;
    // A gap or a step back would show here; a repetition is what the log drops.
    if (Number(seq) > before) {
      expect(Number(seq)).toBe(before + 1);
      seen.push(Number(seq));
    }
  }
  return rooms;
}

const allSent = () =>
  eventually(async () => {
    expect((await pool.query('select 1 from outbox where sent_at is null')).rowCount).toBe(0);
  });
const counted = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test('many writers, two relays of which one goes: each room in order, nothing lost', async () => {
  const rooms = counted(12).map((i) => `many-${i}`);
  await addRooms(...rooms);
  await using one = startPod();
  const two = startPod();
  const writers = rooms.flatMap((room, i) =>
    counted(3).map(async () => {
      for (const _ of counted(10)) {
        await write(room);
        (i % 2 ? one : two).nudge(room);
      }
    }),
  );
  await Promise.all(writers.slice(0, writers.length / 2));
  await two[Symbol.asyncDispose]();
  await Promise.all(writers);
  await allSent();
  const seen = await published();
  for (const room of rooms) expect(seen.get(room)).toEqual(counted(30));
}, 60_000);

test('an event that is committed late is not passed over by what was committed before it', async () => {
  // Both in one partition.
  const [early = '', late = ''] = counted(1_000)
    .map((i) => `late-${i}`)
    .filter((room) => partitionOf(room) === 7);
  await addRooms(early, late);
  await using pod = startPod();
  const gate = Promise.withResolvers<void>();
  const held = write(late, () => gate.promise);
  await write(early);
  pod.nudge(early);
  await allSent();
  gate.resolve();
  await held;
  pod.nudge(late);
  await allSent();
  const seen = await published();
  expect([seen.get(early), seen.get(late)]).toEqual([[1], [1]]);
});

test('without a nudge the poll finds it', async () => {
  await addRooms('quiet');
  await using _ = startPod();
  await write('quiet');
  await allSent();
  expect((await published()).get('quiet')).toEqual([1]);
});

test('NATS away and back: what was written meanwhile goes out in order', async () => {
  await addRooms('away');
  await using pod = startPod();
  await write('away');
  await allSent();
  await nats.stop();
  for (const _ of counted(20)) {
    await write('away');
    pod.nudge('away');
  }
  expect((await pool.query('select 1 from outbox where sent_at is null')).rowCount).toBe(20);
  await nats.restart();
  await allSent();
  expect((await published()).get('away')).toEqual(counted(21));
}, 60_000);

test('PostgreSQL killed and back: the same', async () => {
  await addRooms('killed');
  await using pod = startPod();
  for (const _ of counted(10)) {
    await write('killed');
    pod.nudge('killed');
  }
  await postgres.kill();
  await postgres.restart();
  await eventually(() => write('killed'));
  await allSent();
  const seen = (await published()).get('killed') ?? [];
  expect(seen).toEqual(counted(seen.length));
  const { rows } = await pool.query(`select seq from rooms where id = 'killed'`);
  expect(seen).toHaveLength(Number(rows[0].seq));
}, 60_000);
