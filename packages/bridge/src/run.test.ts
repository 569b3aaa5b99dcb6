import { beforeAll, expect, test } from '@jest/globals';
import { FakeDevice } from '../test/support/fake-device.ts';
import { aTip, FakeLink } from '../test/support/fake-link.ts';
import { FakeTime } from '../test/support/fake-time.ts';
import { memoryStore } from './journal.ts';
import { makeOutcomeKey, type OutcomeKey, verifyOutcome } from './outcome.ts';
import { type BridgeParts, startBridge } from './run.ts';

let key: OutcomeKey;
beforeAll(async () => {
  key = await makeOutcomeKey();
});

function setUp(parts: Partial<BridgeParts> = {}) {
  const time = new FakeTime();
  const link = new FakeLink(time);
  const device = new FakeDevice(time);
  const journal = memoryStore();
  const bridge = startBridge({
    ...{ roomId: 'room_1', driver: device, link, journal, key, clock: time, timers: time },
    ...parts,
  });
  return { time, link, device, journal, bridge };
}

async function armed(parts: Partial<BridgeParts> = {}) {
  const all = setUp(parts);
  all.link.up();
  all.bridge.arm();
  await all.time.run(100);
  expect(all.bridge.view()).toMatchObject({ arm: { phase: 'armed' }, device: 'ready', permit: true });
  return all;
}

/** Signing takes as long as it takes, in the real event loop. */
async function told(link: FakeLink, outcomes: number): Promise<void> {
  for (const end = performance.now() + 5_000; link.outcomes.length < outcomes; ) {
    if (performance.now() > end) throw new Error(`not ${outcomes} outcomes but ${link.outcomes.length}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** For what is not to come. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

test('an idle armed bridge writes an effect to the device in the turn in which it came', async () => {
  const { link, device } = await armed();
  link.tip(aTip(link));
  expect(device.level).toBeGreaterThan(0);
});

test('an effect runs its time, ends at rest, and its signed outcome says so', async () => {
  const { time, link, device } = await armed();
  const tip = aTip(link);
  link.tip(tip);
  await time.run(1_990);
  expect(device.level).toBe(0.8);
  await time.run(30);
  expect(device.level).toBe(0);
  await told(link, 1);
  const [sent] = link.outcomes;
  expect(sent?.body).toMatchObject({ tipId: tip.tipId, result: 'ran', ranMs: 2_000, durationMs: 2_000 });
  expect(
    await verifyOutcome(sent?.signed ?? { body: '', signature: '', publicKey: '' }, key.publicKey),
  ).toEqual(sent?.body);
  expect(link.progress).toEqual([{ tipId: tip.tipId, state: 'running' }]);
});

test('the same effect again changes nothing, also after a restart', async () => {
  const { time, link, device, journal } = await armed();
  const tip = aTip(link);
  link.tip(tip);
  link.tip(tip);
  await time.run(2_100);
  link.tip(tip);
  expect(device.level).toBe(0);
  await told(link, 1);
  await aMoment();
  expect(link.outcomes).toHaveLength(1);

  const next = await armed({ journal });
  next.link.tip(tip);
  expect(next.device.of('drive')).toHaveLength(0);
});

test('the first write to a device is stop, and an effect waits for its answer', async () => {
  const { time, link, device, bridge } = setUp();
  link.up();
  bridge.arm();
  link.tip(aTip(link));
  await time.run(100);
  expect(device.heard.slice(0, 3).map(({ is }) => is)).toEqual(['open', 'stop', 'drive']);
});

test('a bridge that was not armed refuses, and asks for no permit', async () => {
  const { time, link, device } = setUp();
  link.up();
  link.tip(aTip(link));
  await time.run(1_000);
  await told(link, 1);
  expect(link.outcomes[0]?.body).toMatchObject({ result: 'refused', reason: 'not_armed', ranMs: 0 });
  expect(link.asks).toHaveLength(0);
  expect(device.heard).toHaveLength(0);
  expect(time.waiting).toBeLessThanOrEqual(1); // the resending of the outcome
});

test('panic stops at once, without the server, and nothing moves until a person arms', async () => {
  const { time, link, device, bridge } = await armed();
  link.tip(aTip(link));
  await time.run(505);
  bridge.panic();
  expect(device.level).toBe(0);
  link.tip(aTip(link));
  await time.run(2_000);
  expect(device.of('drive').every(({ atMono }) => atMono <= 1_605)).toBe(true);
  expect(bridge.view().arm).toEqual({ phase: 'latched', why: 'panic' });
  expect(bridge.view().stop?.answered).toBe(true);
  await told(link, 2);
  expect(link.outcomes.map(({ body }) => [body.result, body.reason]).sort()).toEqual([
    ['partly', 'panic'],
    ['refused', 'not_armed'],
  ]);
  bridge.arm();
  await time.run(100);
  link.tip(aTip(link));
  expect(device.level).toBeGreaterThan(0);
});

test('panic waits for the one write that is outstanding, at most as long as a write may take', async () => {
  const { time, link, device, bridge } = await armed();
  device.writes = 'hang';
  link.tip(aTip(link));
  bridge.panic();
  expect(device.level).toBeGreaterThan(0);
  await time.run(201);
  expect(device.level).toBe(0);
  expect(device.outstandingMax).toBe(1);
});

test('a closed server socket rests at once, and a short gap lets the effect go on', async () => {
  const { time, link, device } = await armed();
  link.tip(aTip(link));
  await time.run(505);
  link.down();
  expect(device.level).toBe(0);
  await time.run(2_000);
  expect(device.level).toBe(0);
  link.up();
  await time.run(50);
  expect(device.level).toBeGreaterThan(0);
  await time.run(2_000);
  await told(link, 1);
  expect(link.outcomes[0]?.body).toMatchObject({ result: 'ran', ranMs: 2_000 });
});

test('a server that falls silent rests the device when the permit runs out, and after 3 s the effect is over', async () => {
  const { time, link, device } = await armed();
  link.tip(aTip(link, { durationMs: 5_000 }));
  await time.run(500);
  link.answers = 'silence';
  const from = time.now().mono;
  await time.run(5_000);
  const stop = device.of('stop').find(({ atMono }) => atMono > from);
  expect((stop?.atMono ?? Infinity) - from).toBeLessThanOrEqual(600);
  link.answers = 'yes';
  await time.run(1_000);
  expect(device.level).toBe(0);
  await told(link, 1);
  expect(link.outcomes[0]?.body).toMatchObject({ result: 'partly', reason: 'gap_permit' });
});

test('a stop that is not answered is written again, then the link is dropped', async () => {
  const { time, link, device, bridge } = await armed();
  link.tip(aTip(link));
  await time.run(105);
  const before = device.heard.length;
  device.stops = 'hang';
  bridge.panic();
  await time.run(1_000);
  const after = device.heard.slice(before).map(({ is, atMono }) => [is, atMono - 1_205]);
  expect(after).toEqual([
    ['stop', 0],
    ['stop', 200],
    ['drop', 400],
  ]);
});

test.each(['reject', 'throw'] as const)(
  'a write that ends in %s stops, latches and drops the link',
  async (how) => {
    const { time, link, device, bridge } = await armed();
    link.tip(aTip(link));
    await time.run(500);
    device.writes = how;
    await time.run(500);
    expect(device.heard.slice(-2).map(({ is }) => is)).toEqual(['stop', 'drop']);
    expect(bridge.view().arm).toMatchObject({ phase: 'latched', why: 'fault' });
    await told(link, 1);
    expect(link.outcomes[0]?.body).toMatchObject({ result: 'partly', reason: 'fault' });
  },
);

test('a journal that cannot be written keeps the effect from beginning', async () => {
  const store = memoryStore();
  const broken = {
    records: store.records,
    append: () => {
      throw new Error('disk full');
    },
  };
  const { time, link, device, bridge } = await armed({ journal: broken });
  link.tip(aTip(link));
  await time.run(100);
  expect(device.of('drive')).toHaveLength(0);
  expect(bridge.view().arm).toMatchObject({ phase: 'latched', why: 'fault' });
});

test('whatever throws while an effect runs, the device is stopped without the machine', async () => {
  const store = memoryStore();
  const full = {
    records: store.records,
    append: ({ k }: { k: string }) => {
      if (k === 'ran') throw new Error('disk full');
    },
  };
  const { time, link, device, bridge } = await armed({ journal: full });
  link.tip(aTip(link));
  await time.run(1_500);
  expect(device.heard.slice(-2).map(({ is }) => is)).toEqual(['stop', 'drop']);
  expect(bridge.view().arm).toEqual({ phase: 'latched', why: 'fault', detail: 'Error: disk full' });
  bridge.arm();
  await time.run(100);
  expect(bridge.view().arm.phase).toBe('armed');
});

test('a screen that throws is a reason to stop', async () => {
  let broken = false;
  const { time, link, device, bridge } = await armed({
    onView: () => {
      if (broken) throw new Error('no screen');
    },
  });
  broken = true;
  link.tip(aTip(link));
  await time.run(100);
  expect(device.level).toBe(0);
  expect(bridge.view().arm).toMatchObject({ phase: 'latched', why: 'fault' });
});

test('a lost device link is opened again under a permit, rests first, and the effect goes on', async () => {
  const { time, link, device } = await armed();
  link.tip(aTip(link));
  await time.run(500);
  const before = device.heard.length;
  device.cut();
  await time.run(50);
  expect(device.heard.slice(before, before + 4).map(({ is }) => is)).toEqual([
    'drop',
    'open',
    'stop',
    'drive',
  ]);
});

test('a device that does not open is tried again for a while, then the wish to arm is over', async () => {
  const { time, link, device, bridge } = setUp();
  device.opens = 'fail';
  link.up();
  bridge.arm();
  await time.run(9_000);
  expect(bridge.view().arm.phase).toBe('arming');
  await time.run(2_500);
  expect(bridge.view().arm).toEqual({ phase: 'latched', why: 'device_refused', detail: 'not there' });
  device.opens = 'well';
  await time.run(10_000);
  expect(device.heard).toEqual([]);
});

test('after a freeze the first thing written is stop; after a long one the bridge is latched', async () => {
  const { time, link, device, bridge } = await armed();
  link.tip(aTip(link, { durationMs: 10_000 }));
  await time.run(500);
  time.freeze(1_000);
  const before = device.heard.length;
  await time.run(1);
  expect(device.heard[before]?.is).toBe('stop');
  await time.run(300);
  expect(device.level).toBeGreaterThan(0);
  time.freeze(4_000);
  await time.run(1);
  expect(device.level).toBe(0);
  expect(bridge.view().arm).toEqual({ phase: 'latched', why: 'stalled' });
});

test('sleep latches', async () => {
  const { time, link, bridge, device } = await armed();
  link.tip(aTip(link));
  await time.run(100);
  time.sleep(10_000);
  await time.run(60);
  expect(device.level).toBe(0);
  expect(bridge.view().arm).toEqual({ phase: 'latched', why: 'clock' });
});

test('an effect that a crash cut off ends as partly, with what is known, and is sent until it is settled', async () => {
  const { time, link, journal } = await armed();
  const tip = aTip(link, { durationMs: 5_000 });
  link.tip(tip);
  await time.run(2_500);
  // The process is gone here: nothing of it runs any more.
  const next = setUp({ journal: memoryStore(journal.records) });
  next.link.up();
  await told(next.link, 1);
  await next.time.run(5_100);
  await told(next.link, 2);
  const bodies = next.link.outcomes.map(({ body }) => body);
  expect(bodies).toHaveLength(2);
  expect(bodies[0]).toMatchObject({ tipId: tip.tipId, result: 'partly', reason: 'crash' });
  expect(bodies[0]?.ranMs).toBeGreaterThan(1_400);
  expect(bodies[0]?.ranMs).toBeLessThanOrEqual(2_500);
  expect(bodies[1]).toEqual(bodies[0]);
  next.link.settled(tip.tipId);
  await next.time.run(20_000);
  await aMoment();
  expect(next.link.outcomes).toHaveLength(2);
});

test('an effect that another bridge began is told as partly over, once, and never moves this device', async () => {
  const { time, link, device } = await armed();
  const tip = { ...aTip(link), begun: true };
  link.tip(tip);
  await time.run(100);
  await told(link, 1);
  expect(link.outcomes[0]?.body).toMatchObject({ result: 'partly', ranMs: 0, reason: 'begun_elsewhere' });
  link.settled(tip.tipId);
  link.tip({ ...tip, begun: false });
  await time.run(10_000);
  await aMoment();
  expect(link.outcomes).toHaveLength(1);
  expect(device.of('drive')).toHaveLength(0);
});

test('the run that began it goes on with it, when a new log of the room says that it has begun', async () => {
  const { time, link, device } = await armed();
  const tip = aTip(link);
  link.tip(tip);
  await time.run(500);
  link.down();
  link.tip({ ...tip, begun: true });
  link.up();
  await time.run(2_000);
  await told(link, 1);
  expect(link.outcomes.map(({ body }) => body.result)).toEqual(['ran']);
  expect(device.level).toBe(0);
  // The log is a new one: what has begun is told again.
  expect(link.progress.map(({ state }) => state)).toEqual(['running', 'paused', 'running']);
});

test('an outcome that the server refuses for good is kept, not sent again, and shown once', async () => {
  const { time, link, journal, bridge } = setUp();
  link.up();
  const tip = aTip(link);
  link.tip(tip);
  await told(link, 1);
  link.rejected('tip_of_another', 'outcome_invalid');
  expect(bridge.view().rejected).toBeUndefined();
  link.rejected(tip.tipId, 'outcome_invalid');
  link.rejected(tip.tipId, 'outcome_invalid');
  expect(bridge.view().rejected).toEqual({ tipId: tip.tipId, code: 'outcome_invalid' });
  expect(journal.records.filter(({ k }) => k === 'rejected')).toHaveLength(1);
  await time.run(60_000);
  link.down();
  link.up();
  await aMoment();
  expect(link.outcomes).toHaveLength(1);
  // Another run of the bridge leaves it alone, too, and does not take the effect up again.
  const next = await armed({ journal: memoryStore(journal.records) });
  next.link.tip(tip);
  await next.time.run(20_000);
  await aMoment();
  expect(next.link.outcomes).toHaveLength(0);
  expect(next.device.of('drive')).toHaveLength(0);
  expect(next.bridge.view().rejected).toBeUndefined();
});

test('close writes a stop, drops the link, and leaves no timer behind', async () => {
  const { time, link, device, bridge } = await armed();
  link.tip(aTip(link));
  await time.run(105);
  const closed = bridge.close();
  expect(device.level).toBe(0);
  await time.run(10);
  await closed;
  expect(device.heard.at(-1)?.is).toBe('drop');
  expect(time.waiting).toBe(0);
  expect(link.outcomes[0]?.body).toMatchObject({ result: 'partly', reason: 'disarmed' });
});

test('an idle armed bridge asks for permits five times a second and keeps the link alive only under them', async () => {
  const { time, link, device } = await armed();
  const asks = link.asks.length;
  await time.run(10_000);
  expect(link.asks.length - asks).toBe(50);
  link.answers = 'no';
  await time.run(300);
  const kept = device.of('keep_alive').length;
  await time.run(2_000);
  expect(device.of('keep_alive')).toHaveLength(kept);
});

test('an effect that was never written to the device, since its lease ran out first, is not paid for', async () => {
  const store = memoryStore();
  const { time, link, device } = await armed({
    journal: {
      records: store.records,
      append(record) {
        // A disk that takes longer than the whole effect lasts.
        if (record.k === 'begun') time.freeze(250);
        store.append(record);
      },
    },
  });
  link.tip(aTip(link, { durationMs: 200 }));
  await time.run(1_000);
  await told(link, 1);
  expect(device.of('drive')).toEqual([]);
  expect(link.outcomes[0]?.body).toMatchObject({ result: 'partly', ranMs: 0, reason: 'unwritten' });
});

test('an effect that waits for a slow stop of the one before it runs its whole time all the same', async () => {
  const { time, link, device } = await armed();
  const tips = [aTip(link, { durationMs: 100 }), aTip(link, { durationMs: 100 })];
  for (const tip of tips) link.tip(tip);
  device.answerMs = 150;
  await time.run(1_000);
  await told(link, 2);
  expect(link.outcomes.map(({ body }) => [body.result, body.ranMs])).toEqual([
    ['ran', 100],
    ['ran', 100],
  ]);
  expect(movedFor(device.heard)).toBeGreaterThanOrEqual(200);
});

test('an effect that a person stops before it was written is not paid for', async () => {
  const { time, link, device, bridge } = await armed();
  device.answerMs = 150;
  link.tip(aTip(link, { durationMs: 100 }));
  link.tip(aTip(link, { durationMs: 2_000 }));
  await time.run(160);
  bridge.panic();
  await time.run(1_000);
  await told(link, 2);
  expect(device.of('drive')).toHaveLength(1);
  expect(link.outcomes.at(-1)?.body).toMatchObject({ result: 'partly', ranMs: 0, reason: 'panic' });
});

test('an effect whose renewal was not written is paid for up to the write before it', async () => {
  const time = new FakeTime();
  const link = new FakeLink(time);
  const device = new FakeDevice(time);
  let looks = Infinity;
  const clock = {
    now() {
      // The program stands still between deciding and writing.
      looks -= 1;
      if (looks === 0) time.freeze(400);
      return time.now();
    },
  };
  const parts = { roomId: 'room_1', driver: device, link, journal: memoryStore(), key, timers: time };
  const bridge = startBridge({ ...parts, clock });
  link.up();
  bridge.arm();
  await time.run(100);
  link.tip(aTip(link));
  await time.run(505);
  looks = 2;
  await time.run(3_000);
  await told(link, 1);
  expect(device.level).toBe(0);
  const { body } = link.outcomes[0] ?? {};
  expect(body).toMatchObject({ result: 'partly', reason: 'unwritten' });
  expect(body?.ranMs).toBeGreaterThan(400);
  expect(body?.ranMs).toBeLessThanOrEqual(movedFor(device.heard));
});

function movedFor(heard: readonly { atMono: number; is: string; level: number }[]): number {
  const writes = heard.filter(({ is }) => is === 'drive' || is === 'stop' || is === 'drop');
  return writes
    .map(({ atMono, level }, i) => (level > 0 ? (writes[i + 1]?.atMono ?? atMono) - atMono : 0))
    .reduce((sum, ms) => sum + ms, 0);
}
