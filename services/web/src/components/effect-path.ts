import { type Effect, LEVEL_MAX } from '@nightjar/contracts/effect';

/** Places along the drawing at which a repeated pattern is looked at. */
const SAMPLES = 96;

/** An effect's level at a moment of it, 0 to 1: straight lines between its points, before and after them it stays. */
export function levelAt({ points, repeatMs, durationMs }: Effect, atMs: number): number {
  const at = repeatMs === undefined ? atMs : atMs % repeatMs;
  if (atMs < 0 || atMs > durationMs) return 0;
  let before = points[0];
  for (const point of points) {
    if (point.atMs > at) {
      if (before === undefined || before === point) return point.level / LEVEL_MAX;
      const share = (at - before.atMs) / (point.atMs - before.atMs);
      return (before.level + (point.level - before.level) * share) / LEVEL_MAX;
    }
    before = point;
  }
  return (before?.level ?? 0) / LEVEL_MAX;
}

/** An SVG path of an effect in a box of so many units; the top is the highest level. */
export function effectPath(effect: Effect, width: number, height: number): string {
  const room = height - 2;
  return Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const level = levelAt(effect, (effect.durationMs * i) / SAMPLES);
    return `${i === 0 ? 'M' : 'L'}${round((width * i) / SAMPLES)} ${round(height - 1 - level * room)}`;
  }).join(' ');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
