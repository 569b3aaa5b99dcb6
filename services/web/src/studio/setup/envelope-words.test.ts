import { expect, test } from '@jest/globals';
import { DEFAULT_ENVELOPE, isEnvelope } from '@nightjar/bridge/machine/envelope';
import fc from 'fast-check';
import {
  draftOf,
  type EnvelopeDraft,
  envelopeLine,
  envelopeOf,
  LEVEL_CAPS,
  LONGEST_RUNS,
  PAUSES,
  SOFT_STARTS,
} from './envelope-words.ts';

const on = ({ min, max, step }: { min: number; max: number; step: number }) =>
  fc
    .integer({ min: Math.round(min / step), max: Math.round(max / step) })
    .map((at) => Math.round(at * step * 100) / 100);
const drafts: fc.Arbitrary<EnvelopeDraft> = fc.record({
  levelMax: on(LEVEL_CAPS),
  softStartS: on(SOFT_STARTS),
  longestRunS: on(LONGEST_RUNS),
  pauseS: on(PAUSES),
});

test('whatever the sliders say is an envelope, and is read back as it was set', () => {
  fc.assert(
    fc.property(drafts, (draft) => {
      const envelope = envelopeOf(draft, DEFAULT_ENVELOPE);
      expect(isEnvelope(envelope)).toBe(true);
      expect(draftOf(envelope)).toEqual(draft);
    }),
    { seed: 4 },
  );
});

test('a soft start never begins with a jump above the cap', () => {
  fc.assert(
    fc.property(drafts, (draft) => {
      const { jumpLevelMax, levelMax } = envelopeOf(draft, DEFAULT_ENVELOPE);
      expect(jumpLevelMax).toBeLessThanOrEqual(levelMax);
    }),
    { seed: 4 },
  );
});

test('the default is said in one line', () => {
  expect(envelopeLine(DEFAULT_ENVELOPE)).toBe('up to 80%, starts at once, 1 min at most');
});
