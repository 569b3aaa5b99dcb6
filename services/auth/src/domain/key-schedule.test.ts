import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ACCESS_TOKEN_MS,
  KEY_SIGNS_MS,
  LINGERS_MS,
  PUBLISHED_AHEAD_MS,
  planKeys,
  type ScheduledKey,
  VIEW_MS_MAX,
} from './key-schedule.ts';

const key = (kid: string, signsFromMs: number, usable = true): ScheduledKey => ({ kid, signsFromMs, usable });

test('the first key signs at once', () => {
  expect(planKeys([], 5_000)).toEqual({ createFromMs: 5_000, remove: [] });
});

test('the next key is made so early that it is published long enough before it signs', () => {
  const due = KEY_SIGNS_MS - PUBLISHED_AHEAD_MS;
  expect(planKeys([key('a', 0)], due - 1)).toEqual({ signer: 'a', remove: [] });
  expect(planKeys([key('a', 0)], due)).toEqual({ signer: 'a', createFromMs: KEY_SIGNS_MS, remove: [] });
  expect(planKeys([key('a', 0), key('b', KEY_SIGNS_MS)], due)).toEqual({ signer: 'a', remove: [] });
});

test('keys that cannot be opened do not sign, and when none can, one is made', () => {
  expect(planKeys([key('a', 0, false)], 1)).toEqual({ createFromMs: 1, remove: [] });
  expect(planKeys([key('a', 0), key('b', 1, false)], 2)).toEqual({ signer: 'a', remove: [] });
});

test('however turns fall: no key signs without notice, and each stays until its last access token has run out', () => {
  const pauses = fc.array(fc.integer({ min: 1, max: 3 * KEY_SIGNS_MS }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(pauses, (gaps) => {
      let keys: (ScheduledKey & { madeMs: number })[] = [];
      const lastSigned = new Map<string, number>();
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        const plan = planKeys(keys, now);
        for (const kid of plan.remove)
          expect(now).toBeGreaterThanOrEqual((lastSigned.get(kid) ?? 0) + ACCESS_TOKEN_MS);
        expect(plan.remove).not.toContain(plan.signer);
        if (plan.signer) lastSigned.set(plan.signer, now + VIEW_MS_MAX);
        if (plan.createFromMs !== undefined && keys.length > 0)
          expect(plan.createFromMs - now).toBeGreaterThanOrEqual(PUBLISHED_AHEAD_MS);
        keys = keys.filter(({ kid }) => !plan.remove.includes(kid));
        if (plan.createFromMs !== undefined) keys.push({ ...key(`k${now}`, plan.createFromMs), madeMs: now });
        // One signs; one may wait, one may linger, and after a long silence one more is due to go.
        expect(keys.length).toBeLessThanOrEqual(4);
      }
    }),
    { seed: 3, numRuns: 500 },
  );
  expect(LINGERS_MS).toBeGreaterThan(ACCESS_TOKEN_MS);
});
