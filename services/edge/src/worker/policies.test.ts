import { beforeAll, expect, test } from '@jest/globals';
import { compile } from '@nightjar/fence/compile';
import { makePolicyKeys, parsePolicySigner } from '@nightjar/fence/node/policy-keys';
import { parsePolicyKeyRing } from '@nightjar/fence/policy-key-ring';
import { OPEN_FENCE } from '@nightjar/fence/rules';
import { signPolicy } from '@nightjar/fence/sign';
import fc from 'fast-check';
import { Policies } from './policies.ts';

const files = makePolicyKeys(0);
const keys = parsePolicyKeyRing(files.publicFile);
const roomId = 'room_1';
const signed: Uint8Array[] = [];

beforeAll(async () => {
  for (let version = 1; version <= 5; version++)
    signed[version] = await signPolicy(
      compile(OPEN_FENCE, { roomId, version }),
      parsePolicySigner(files.privateFile),
    );
});

/** geofence, as it answers at each moment: a version, or nothing. */
class Source {
  answers: number | undefined = 1;
  asked = 0;
  readonly behind: Promise<unknown>[] = [];
  async ask() {
    this.asked++;
    return this.answers === undefined ? undefined : signed[this.answers];
  }
  later(work: Promise<unknown>) {
    this.behind.push(work);
  }
}

test('a policy is renewed behind an answer before it is too old', async () => {
  const [policies, source] = [new Policies(keys), new Source()];
  expect((await policies.of(roomId, source, 0))?.version).toBe(1);
  source.answers = 2;
  expect((await policies.of(roomId, source, 4_999))?.version).toBe(1);
  expect(source.asked).toBe(1);
  expect((await policies.of(roomId, source, 5_000))?.version).toBe(1);
  await Promise.all(source.behind);
  expect((await policies.of(roomId, source, 5_001))?.version).toBe(2);
  expect(source.asked).toBe(2);
});

test('one of ten seconds is not used, however often geofence fails to answer', async () => {
  const [policies, source] = [new Policies(keys), new Source()];
  await policies.of(roomId, source, 0);
  source.answers = undefined;
  for (let nowMs = 5_000; nowMs < 10_000; nowMs += 500)
    expect((await policies.of(roomId, source, nowMs))?.version).toBe(1);
  for (let nowMs = 10_000; nowMs < 20_000; nowMs += 500)
    expect(await policies.of(roomId, source, nowMs)).toBeUndefined();
  expect(source.asked).toBeLessThan(20);
  source.answers = 2;
  expect((await policies.of(roomId, source, 21_000))?.version).toBe(2);
});

test('whatever geofence answers and when: never too old, never an older version, never asked too often', async () => {
  const moments = fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 7_000 }),
      answers: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    }),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(moments, async (steps) => {
      const [policies, source] = [new Policies(keys), new Source()];
      /** When each version was last answered. */
      const answeredAt = new Map<number, number>();
      let [nowMs, newest, lastAskedMs] = [0, 0, Number.NEGATIVE_INFINITY];
      for (const { afterMs, answers } of steps) {
        nowMs += afterMs;
        source.answers = answers;
        const before = source.asked;
        const policy = await policies.of(roomId, source, nowMs);
        await Promise.all(source.behind);
        if (source.asked > before) {
          expect(source.asked).toBe(before + 1);
          expect(nowMs - lastAskedMs).toBeGreaterThanOrEqual(1_000);
          lastAskedMs = nowMs;
          if (answers !== undefined) answeredAt.set(answers, nowMs);
        }
        if (!policy) continue;
        expect(policy.version).toBeGreaterThanOrEqual(newest);
        newest = policy.version;
        expect(nowMs - (answeredAt.get(policy.version) ?? Number.NEGATIVE_INFINITY)).toBeLessThan(10_000);
      }
    }),
    { seed: 20_261_125, numRuns: 200 },
  );
});
