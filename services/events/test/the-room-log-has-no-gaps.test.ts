import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { PERMIT_MS } from '@nightjar/contracts/ws-protocol';
import { randomId } from '@nightjar/kit/ids';
import { silentLog } from '@nightjar/kit/log';
import { connectRedis, connectRedisSubscriber } from '@nightjar/kit/redis';
import type { RunningServer } from '@nightjar/testkit/servers/running-server';
import { testRedis } from '@nightjar/testkit/test-servers';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { LOG_ENTRIES_KEPT } from '../src/limits.ts';
import { readChannel } from '../src/live/room-channel.ts';
import { messageKey, roomKeys } from '../src/log/keys.ts';
import { RoomLog } from '../src/log/room-log.ts';

let server: RunningServer;
let redis: Redis;
let log: RoomLog;
let roomId: string;

beforeAll(async () => {
  server = await testRedis();
  redis = connectRedis(server.url, 'test', silentLog);
  await ready();
  log = new RoomLog(redis);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

beforeEach(() => {
  roomId = randomId('room');
});

async function ready(): Promise<void> {
  if (redis.status !== 'ready') await new Promise<void>((resolve) => redis.once('ready', () => resolve()));
}

const entry = (n: number) => JSON.stringify({ at: '', kind: 'test', n });
const money = (seq: number, begins = false) =>
  log.append({ roomId, entry: entry(seq), from: { source: 'payments', seq: BigInt(seq), begins } });

test('events of one source enter in the order of their numbers, once, whatever order they come in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 40 }), async (arrivals) => {
      roomId = randomId('room');
      let last = 0;
      for (const seq of arrivals) {
        const { status } = await money(seq);
        expect(status).toBe(seq <= last ? 'dup' : seq === last + 1 ? 'ok' : 'gap');
        if (status === 'ok') last = seq;
      }
      const { epoch, offset } = await log.open(roomId);
      const read = await log.read(roomId, epoch, 1, offset);
      expect(read.map(({ entry }) => JSON.parse(entry).n)).toEqual(
        Array.from({ length: last }, (_, i) => i + 1),
      );
      expect(read.map(({ offset }) => offset)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    }),
    { seed: 1, numRuns: 60 },
  );
});

const action = fc.oneof(
  fc.record({ is: fc.constant('line' as const), n: fc.nat(3) }),
  fc.record({ is: fc.constant('strike' as const), n: fc.nat(3), by: fc.nat(2) }),
  fc.record({ is: fc.constant('money' as const), n: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ is: fc.constant('unheardOf' as const), n: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ is: fc.constant('fill' as const), n: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ is: fc.constant('goal' as const), n: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ is: fc.constant('oldLine' as const), n: fc.nat(3) }),
  fc.record({ is: fc.constant('forget' as const), n: fc.constant(0) }),
);

/** What the log should be, in the plainest words. */
class Model {
  entries: string[] = [];
  heard = new Map<string, number>();
  money = 0;
  filled = false;
  goal: { since: number; reached: number } | undefined;

  say(id: string, entry: string): void {
    if (this.heard.has(id)) return;
    this.entries.push(entry);
    this.heard.set(id, this.entries.length);
  }

  strike(id: string, lineId: string, told: string): void {
    if (this.heard.has(id)) return;
    this.entries = this.entries.map((entry) => (entry === line(lineId) ? struck(lineId) : entry));
    this.say(id, told);
    if (!this.heard.has(lineId)) this.heard.set(lineId, this.entries.length);
  }
}

const line = (id: string) => JSON.stringify({ at: 'then', kind: 'chat', id, from: 'pn_1', body: {} });
const struck = (lineId: string, at = 'then') => JSON.stringify({ at, kind: 'struck', lineId });

test('lines, strikes, money, goals, what a room is, and new epochs in any order: each epoch is what was put there, without a gap', async () => {
  using stack = new DisposableStack();
  const listener = stack.adopt(connectRedisSubscriber(server.url, 'test', silentLog), (each) =>
    each.disconnect(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      roomId = randomId('room');
      const ids = Array.from({ length: 4 }, () => randomId('msg'));
      const strikes = Array.from({ length: 3 }, () => randomId('msg'));
      const told = new Map<string, number[]>();
      const { channel } = roomKeys(roomId);
      await listener.ssubscribe(channel);
      listener.removeAllListeners('smessage').on('smessage', (_channel: string, text: string) => {
        const message = readChannel(text);
        if (message?.is === 'entry')
          told.set(message.epoch, [...(told.get(message.epoch) ?? []), message.offset]);
      });
      let model = new Model();
      for (const { is, n, ...rest } of actions) {
        const id = ids[n] ?? '';
        if (is === 'line') {
          await log.append({ roomId, entry: line(id), messageId: id });
          model.say(id, line(id));
        } else if (is === 'strike') {
          const messageId = strikes['by' in rest ? rest.by : 0] ?? '';
          await log.strike({ roomId, entry: struck(id, 'now'), messageId, lineId: id });
          model.strike(messageId, id, struck(id, 'now'));
        } else if (is === 'money' || is === 'unheardOf') {
          const put = is === 'money' ? entry(n) : '';
          const counts = put ? { counts: { tokens: BigInt(10 ** n), at: `${n}` } } : {};
          await log.append({ roomId, entry: put, from: { source: 'payments', seq: BigInt(n) }, ...counts });
          if (n === model.money + 1) {
            model.money = n;
            if (put) model.entries.push(put);
            if (put && model.goal && n >= model.goal.since) model.goal.reached += 10 ** n;
          }
        } else if (is === 'goal') {
          const goal = JSON.stringify({ at: `${n}`, kind: 'goal', n });
          const set = { field: 'goal', value: goal };
          await log.append({ roomId, entry: goal, set, drop: ['goal:reached'] });
          model.entries.push(goal);
          model.goal = { since: n, reached: 0 };
        } else if (is === 'oldLine') {
          // Ids are forgotten before lines are.
          await redis.del(messageKey(roomId, id));
          model.heard.delete(id);
        } else if (is === 'fill') {
          const entries = Array.from({ length: n }, (_, i) => ({
            entry: entry(100 + i),
            set: { field: `field${i}`, value: `${n}` },
          }));
          await log.fill({ roomId, source: 'rooms', seq: BigInt(n), entries, fields: [] });
          if (!model.filled) model.entries.push(...entries.map((each) => each.entry));
          model.filled = true;
        } else {
          await log.forget(roomId);
          model = new Model();
        }
      }
      const { epoch, offset, snapshot } = await log.open(roomId);
      expect(offset).toBe(model.entries.length);
      expect(Number(snapshot.get('goal:reached') ?? 0)).toBe(model.goal?.reached ?? 0);
      const read = await log.read(roomId, epoch, 1, LOG_ENTRIES_KEPT);
      expect(read).toEqual(model.entries.map((each, i) => ({ offset: i + 1, entry: each })));
      // What was said on the channel while it was written: each epoch's places, each once, in order.
      await listener.ping();
      for (const offsets of told.values()) expect(offsets).toEqual(offsets.map((_, i) => i + 1));
      expect(told.get(epoch) ?? []).toHaveLength(offset);
      await listener.sunsubscribe(channel);
    }),
    { seed: 4, numRuns: 250 },
  );
});

test('a log keeps so many entries and no more, and says which is its first', async () => {
  const [over, { epoch }] = [7, await log.open(roomId)];
  for (let n = 1; n <= LOG_ENTRIES_KEPT + over; n++) await log.append({ roomId, entry: entry(n) });
  const read = await log.read(roomId, epoch, 1, LOG_ENTRIES_KEPT + over);
  expect(read).toHaveLength(LOG_ENTRIES_KEPT);
  expect(read[0]).toEqual({ offset: over + 1, entry: entry(over + 1) });
  expect(await log.read(roomId, epoch, LOG_ENTRIES_KEPT + over + 1, LOG_ENTRIES_KEPT + over + 1)).toEqual([]);
  expect(await log.read(roomId, epoch, 10, 11)).toEqual([
    { offset: 10, entry: entry(10) },
    { offset: 11, entry: entry(11) },
  ]);
});

test('an epoch that is over cannot be read, whatever stands in its place', async () => {
  const { epoch } = await log.open(roomId);
  await money(1);
  await log.forget(roomId);
  await money(1);
  expect(await log.read(roomId, epoch, 1, 1)).toEqual([]);
});

test('a log in the form of an earlier version is begun anew', async () => {
  const { epoch } = await log.open(roomId);
  const [meta, entries] = roomKeys(roomId).all;
  await redis.hdel(meta, 'form');
  await redis.xadd(entries, '1-0', 'e', entry(1));
  expect((await money(1)).status).toBe('ok');
  const after = await log.open(roomId);
  expect(after.epoch).not.toBe(epoch);
  expect(await log.read(roomId, after.epoch, 1, 1)).toEqual([{ offset: 1, entry: entry(1) }]);
});

test('what a room is now fills a log once: an older view that comes later changes nothing', async () => {
  const view = (seq: bigint, title: string) =>
    log.fill({
      roomId,
      source: 'rooms',
      seq,
      entries: [{ entry: entry(Number(seq)), set: { field: 'room', value: title } }],
      fields: [{ field: 'sanction:pn_1', value: 'removed' }],
    });
  await view(5n, 'newer');
  const filled = await log.open(roomId);
  expect(filled).toMatchObject({ offset: 1, seqs: { rooms: 5n } });
  expect(filled.snapshot).toEqual(
    new Map([
      ['room', 'newer'],
      ['sanction:pn_1', 'removed'],
    ]),
  );
  await view(4n, 'older');
  expect(await log.open(roomId)).toEqual(filled);
});

test('sanctions whose time is over are swept with the next one, removals with the show, and what is in force stays', async () => {
  const field = (what: string) => ({ field: `sanction:pn_${what}`, value: what });
  const soon = Date.now() + 60_000;
  const put = (what: string, ms?: number) => {
    const { field: name, value } = field(what);
    const set = { field: name, value: ms === undefined ? value : `${value} ${ms}` };
    return log.append({ roomId, entry: entry(0), set, sweep: 'over' });
  };
  await put('silenced', Date.now() - 1);
  expect((await log.open(roomId)).snapshot).toEqual(new Map());
  await put('silenced', soon);
  await put('removed');
  await put('banned', soon);
  const inForce = async () => [...(await log.open(roomId)).snapshot.keys()].sort();
  expect(await inForce()).toEqual(['sanction:pn_banned', 'sanction:pn_removed', 'sanction:pn_silenced']);
  await log.append({ roomId, entry: entry(1), sweep: 'show' });
  expect(await inForce()).toEqual(['sanction:pn_banned', 'sanction:pn_silenced']);
});

test('a log that knows nothing of a source says so, until it is told where to begin', async () => {
  expect(await money(7)).toEqual({ status: 'gap', after: undefined });
  expect((await money(6, true)).status).toBe('ok');
  expect((await money(7)).status).toBe('ok');
});

test('a source seeded at a number takes the next one', async () => {
  await log.seed(roomId, 'rooms', 4n);
  const append = (seq: bigint) => log.append({ roomId, entry: entry(0), from: { source: 'rooms', seq } });
  expect((await append(4n)).status).toBe('dup');
  expect(await append(6n)).toEqual({ status: 'gap', after: 4n });
  expect((await append(5n)).status).toBe('ok');
});

test('a line sent twice is one line, and the second answer tells its place', async () => {
  const line = { roomId, entry: entry(1), messageId: randomId('msg') };
  const first = await log.append(line);
  const second = await log.append(line);
  expect(second).toEqual({ ...first, status: 'dup' });
});

test('what is refused has written nothing', async () => {
  const before = await log.open(roomId);
  await expect(
    log.append({ roomId, entry: 'no object', set: { field: 'show', value: 'x' } }),
  ).rejects.toThrow();
  expect(await log.open(roomId)).toEqual(before);
});

test('a server that comes back with its data begins a new epoch, so that no offset is used twice', async () => {
  await money(1);
  const before = await log.open(roomId);
  await redis.save();
  await server.restart();
  await ready();
  const after = await log.open(roomId);
  expect(after.epoch).not.toBe(before.epoch);
  expect(after).toMatchObject({ offset: 0, seqs: {} });
  expect(await log.read(roomId, after.epoch, 1, 10)).toEqual([]);
});

test('a server that was emptied begins a new epoch and knows its functions again', async () => {
  await money(1);
  const before = await log.open(roomId);
  await redis.flushall();
  await redis.function('FLUSH');
  const after = await log.open(roomId);
  expect(after.epoch).not.toBe(before.epoch);
  expect(after.offset).toBe(0);
});

async function untilHeld(holder: string, take = false): Promise<number> {
  const started = performance.now();
  for (;;) {
    const answer = await log.seat(roomId, holder, take);
    if (answer.seat === 'held') return performance.now() - started;
    expect(answer.seat).toBe('wait');
    if (performance.now() - started > 5_000) throw new Error('never held');
  }
}

test('a room has one seat: a permit goes to its holder and to nobody else', async () => {
  await untilHeld('a');
  expect(await log.permit(roomId, 'a')).toBe(true);
  expect(await log.permit(roomId, 'b')).toBe(false);
  expect(await log.seat(roomId, 'b', false)).toEqual({ seat: 'taken' });
});

test('who takes the seat waits until the last permit of the one before has run out, which gets no more', async () => {
  await untilHeld('a');
  const given = performance.now();
  expect(await log.permit(roomId, 'a')).toBe(true);
  const waiting = untilHeld('b', true);
  expect((await log.seat(roomId, 'b', true)).seat).toBe('wait');
  expect(await log.permit(roomId, 'a')).toBe(false);
  await waiting;
  // Two clocks in whole milliseconds: allow one for the rounding.
  expect(performance.now() - given).toBeGreaterThanOrEqual(PERMIT_MS - 1);
  expect(await log.permit(roomId, 'b')).toBe(true);
  expect(await log.permit(roomId, 'a')).toBe(false);
});

test('in a new epoch nobody has the seat before any permit of the lost one has run out', async () => {
  await untilHeld('a');
  await log.permit(roomId, 'a');
  await redis.flushall();
  expect(await log.permit(roomId, 'a')).toBe(false);
  expect(await untilHeld('b')).toBeGreaterThanOrEqual(PERMIT_MS - 2);
});

const heldTip = (seq: number, tipId: string) =>
  log.append({
    roomId,
    entry: entry(seq),
    from: { source: 'payments', seq: BigInt(seq) },
    set: { field: `tip:${tipId}`, value: JSON.stringify({ at: '', tipId }) },
  });
const progress = (holder: string, tipId: string, state: 'queued' | 'running' | 'paused') =>
  log.progress({ roomId, entry: JSON.stringify({ kind: 'progress', tipId, state }), holder, tipId, state });
const stateOf = async (tipId: string) => (await log.open(roomId)).snapshot.get(`state:${tipId}`);

test('how far a held tip is stands beside it, is never taken back to waiting, and goes with it', async () => {
  await untilHeld('a');
  await heldTip(1, 'tip_1');
  expect(await stateOf('tip_1')).toBeUndefined();
  for (const [state, kept] of [
    ['queued', 'queued'],
    ['running', 'running'],
    ['paused', 'paused'],
    ['queued', 'paused'],
  ] as const) {
    expect(await progress('a', 'tip_1', state)).toBe(true);
    expect(await stateOf('tip_1')).toBe(kept);
  }
  const from = { source: 'payments', seq: 2n } as const;
  await log.append({ roomId, entry: entry(2), from, drop: ['tip:tip_1', 'state:tip_1'] });
  // What comes late, of a tip that has ended, leaves nothing behind.
  expect(await progress('a', 'tip_1', 'running')).toBe(true);
  expect((await log.open(roomId)).snapshot).toEqual(new Map());
});

test('progress of a bridge without the seat changes nothing, and that of one being displaced still counts', async () => {
  await heldTip(1, 'tip_1');
  expect(await progress('a', 'tip_1', 'running')).toBe(false);
  await untilHeld('a');
  await log.permit(roomId, 'a');
  // While `b` waits, `a` may still move under its last permit.
  expect((await log.seat(roomId, 'b', true)).seat).toBe('wait');
  expect(await progress('a', 'tip_1', 'running')).toBe(true);
  await untilHeld('b', true);
  const before = await log.open(roomId);
  expect(await progress('a', 'tip_1', 'paused')).toBe(false);
  expect(await log.open(roomId)).toEqual(before);
  expect(await stateOf('tip_1')).toBe('running');
});

test('a state that there is none of is refused before anything is written', async () => {
  await untilHeld('a');
  await heldTip(1, 'tip_1');
  const before = await log.open(roomId);
  await expect(progress('a', 'tip_1', 'gone' as 'queued')).rejects.toThrow('no state of progress');
  expect(await log.open(roomId)).toEqual(before);
});
