import { expect, test } from '@jest/globals';
import { isEffect } from '@nightjar/bridge/machine/patterns';
import { draftOfEffect, EFFECT_SECONDS, effectOf, PRESETS } from './effect-presets.ts';

test.each(PRESETS)(
  '%s is an effect that the bridge takes at every length and level, and is known again',
  (preset) => {
    for (const seconds of [EFFECT_SECONDS.min, 3, 17, EFFECT_SECONDS.max]) {
      for (const level of [0.1, 0.55, 1]) {
        const effect = effectOf({ preset, seconds, level });
        expect(isEffect(effect)).toBe(true);
        const ordered = effect.points.every(
          ({ atMs }, i) => atMs <= effect.durationMs && atMs >= (effect.points[i - 1]?.atMs ?? 0),
        );
        expect(ordered).toBe(true);
        expect(draftOfEffect(structuredClone(effect))).toEqual({ preset, seconds, level });
      }
    }
  },
);

test('an effect of another making is kept and not guessed at', () => {
  const effect = { output: 'vibrate', durationMs: 2_000, points: [{ atMs: 500, level: 333 }] } as const;
  expect(draftOfEffect(effect)).toBeUndefined();
});
