import { expect, test } from '@jest/globals';
import { loudness } from './microphone-level.ts';

const tone = (amplitude: number) =>
  Float32Array.from({ length: 1_024 }, (_, i) => amplitude * Math.sin(i / 5));

test('silence is nothing, full scale is all, and a voice is in between', () => {
  expect(loudness(tone(0))).toBe(0);
  expect(loudness(new Float32Array(0))).toBe(0);
  expect(loudness(tone(1))).toBeGreaterThan(0.94);
  const voice = loudness(tone(0.05));
  expect(voice).toBeGreaterThan(0.3);
  expect(voice).toBeLessThan(0.7);
});
