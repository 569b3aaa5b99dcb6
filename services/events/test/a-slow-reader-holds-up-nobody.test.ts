import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { CLOSE } from '@nightjar/contracts/ws-protocol';
import { SEALED_TEXT_MAX } from '@nightjar/contracts/ws-schemas';
import { silentLog } from '@nightjar/kit/log';
import { connectRedis } from '@nightjar/kit/redis';
import { eventually } from '@nightjar/testkit/eventually';
import { LOG_ENTRIES_KEPT, SOCKET_CLOSE_MS_MAX } from '../src/limits.ts';
import { RoomLog } from '../src/log/room-log.ts';
import { enter, eventsPlatform, type Platform, type Pod, type TestSocket } from './events-under-test.ts';

/** Ours and what two kernels keep between them; a loopback's keep some megabytes. */
const ENTRIES_MAX = 4_000;
const PROMPT_MS = 1_000;
/** A peer that never reads never answers a close; what it did not take goes with its socket. */
const LET_GO_MS_MAX = SOCKET_CLOSE_MS_MAX + 2_000;
const TEST_MS_MAX = 60_000;

let platform: Platform;
let pod: Pod;
let room: { roomId: string; broadcasterId: string };
let log: RoomLog;
let redis: ReturnType<typeof connectRedis>;

// One pod for all: a process has one set of metrics.
beforeAll(async () => {
  platform = await eventsPlatform();
  pod = await platform.startPod();
  redis = connectRedis(platform.redis.url, 'test', silentLog);
  await eventually(() => redis.ping());
  log = new RoomLog(redis);
});

beforeEach(async () => {
  room = await platform.neighbours.newRoom();
});

afterAll(async () => {
  redis.disconnect();
  await pod[Symbol.asyncDispose]();
  await platform[Symbol.asyncDispose]();
}, TEST_MS_MAX);

/** Somebody who has all that was there before. */
async function reader(as: 'guest' | 'viewer'): Promise<TestSocket> {
  const { socket, welcome } = await enter(platform, pod, room, as);
  for (let offset = welcome.from; offset <= welcome.offset; offset++) await socket.next('entry');
  return socket;
}

/** A chat line as long as one may be, put into the log as a pod does it. */
async function fill(): Promise<number> {
  const body = { scheme: 'test', keyId: 'k', bytes: 'A'.repeat(SEALED_TEXT_MAX) };
  const entry = {
    at: new Date().toISOString(),
    kind: 'chat',
    id: `msg_${randomUUID()}`,
    from: 'pn_test',
    body,
  };
  const appended = await log.append({ roomId: room.roomId, entry: JSON.stringify(entry) });
  if (appended.status !== 'ok') throw new Error(`appended: ${appended.status}`);
  return appended.offset;
}

async function figure(pattern: RegExp): Promise<number> {
  return Number(pattern.exec(await pod.metrics())?.[1] ?? 0);
}
const closedAsSlow = () => figure(/^nightjar_sockets_closed_total\{.*reason="tooSlow".*\} (\d+)/m);
const sockets = () => figure(/^nightjar_sockets(?:\{.*\})? (\d+)/m);

/** Fills until the slow one is closed; each entry must come to the others before the next is written. */
async function fillUntilClosed(
  others: readonly TestSocket[],
): Promise<{ offset: number; slowestMs: number }> {
  const before = await closedAsSlow();
  let slowestMs = 0;
  for (let n = 0; n < ENTRIES_MAX; n++) {
    const began = performance.now();
    const offset = await fill();
    for (const other of others) {
      // `next` with no wish takes the first that came: a gap or a swap is seen.
      expect((await other.next('entry')).offset).toBe(offset);
    }
    slowestMs = Math.max(slowestMs, performance.now() - began);
    if (n % 50 === 49 && (await closedAsSlow()) > before) return { offset, slowestMs };
  }
  throw new Error(`not closed after ${ENTRIES_MAX} entries`);
}

test(
  'one that stops reading is closed as too slow, and the others have everything, in order and at once',
  async () => {
    const slow = await enter(platform, pod, room, 'guest');
    const others = [await reader('guest'), await reader('viewer')];
    slow.socket.pause();
    const { slowestMs } = await fillUntilClosed(others);
    expect(slowestMs).toBeLessThan(PROMPT_MS);
    slow.socket.resume();
    expect(await slow.socket.closed).toBe(CLOSE.tooSlow.code);
    expect(slow.socket.reason).toBe('tooSlow');
    // What it was sent until then is a part of the log without a gap.
    const offsets = slow.socket.heard.flatMap((each) => (each.t === 'entry' ? [each.offset] : []));
    expect(offsets).toEqual(offsets.map((_, index) => (offsets[0] ?? 0) + index));
    await eventually(async () => expect(await sockets()).toBe(others.length));
    for (const other of others) other.leave();
  },
  TEST_MS_MAX,
);

test(
  'one that never reads again is let go with all that was kept for it',
  async () => {
    const slow = await enter(platform, pod, room, 'guest');
    const other = await reader('guest');
    slow.socket.pause();
    await fillUntilClosed([other]);
    expect(await sockets()).toBe(2);
    await eventually(async () => {
      // One that says nothing for so long would be let go too.
      other.say({ t: 'ping', n: 1 });
      await other.next('pong');
      expect(await sockets()).toBe(1);
    }, LET_GO_MS_MAX);
    // Its own end learns of it when it looks: the connection is gone, and nothing more is sent.
    slow.socket.resume();
    expect(await slow.socket.closed).not.toBe(1_000);
    other.leave();
  },
  TEST_MS_MAX,
);

test(
  'one that reads is not taken for slow because it comes back to a long log',
  async () => {
    const first = await enter(platform, pod, room, 'guest');
    for (let n = 0; n < LOG_ENTRIES_KEPT; n++) await fill();
    first.socket.leave();
    const last = await fill();
    const { epoch } = first.welcome;
    const place = { epoch, offset: last - LOG_ENTRIES_KEPT + 1 };
    const { socket, welcome } = await enter(platform, pod, room, 'guest', place);
    // More than may lie in a socket at once: it starts from the snapshot, as whoever was away for too long.
    expect(welcome.recovered).toBe(false);
    for (let offset = welcome.from; offset <= last; offset++)
      expect((await socket.next('entry')).offset).toBe(offset);
    const live = await fill();
    expect((await socket.next('entry')).offset).toBe(live);
    socket.leave();
  },
  TEST_MS_MAX,
);
