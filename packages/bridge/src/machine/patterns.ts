import {
  EFFECT_MS_MAX,
  EFFECT_POINTS_MAX,
  EFFECT_REPEAT_MS_MIN,
  type Effect,
  type EffectPoint,
  LEVEL_MAX,
} from '@nightjar/contracts/effect';
import { isOutputKind } from './kinds.ts';

/**
 * An effect's level at `atMs` since its begin, as a share (0 to 1) of what the envelope allows; 0 outside of the
 * effect's duration. Pure in its arguments, so that a late step samples the same curve.
 */
export function levelAt(effect: Effect, atMs: number): number {
  if (!(atMs >= 0 && atMs < effect.durationMs)) return 0;
  const inRound = effect.repeatMs === undefined ? atMs : atMs % effect.repeatMs;
  return levelOnLine(effect.points, inRound) / LEVEL_MAX;
}

function levelOnLine(points: readonly EffectPoint[], atMs: number): number {
  let before: EffectPoint | undefined;
  for (const point of points) {
    // Strictly later: of two points at one time the second one counts from that time on.
    if (point.atMs > atMs) {
      if (before === undefined) return point.level;
      const share = (atMs - before.atMs) / (point.atMs - before.atMs);
      return before.level + (point.level - before.level) * share;
    }
    before = point;
  }
  return before?.level ?? 0;
}

/**
 * Whether something that came from outside is an effect that the machine takes. The server checks too; the
 * machine does not rest on it.
 */
export function isEffect(value: unknown): value is Effect {
  if (typeof value !== 'object' || value === null) return false;
  const { output, durationMs, points, repeatMs } = value as Record<keyof Effect, unknown>;
  if (!isOutputKind(output) || !isIntegerIn(durationMs, 1, EFFECT_MS_MAX)) return false;
  if (repeatMs !== undefined && !isIntegerIn(repeatMs, EFFECT_REPEAT_MS_MIN, EFFECT_MS_MAX)) return false;
  return arePoints(points);
}

function arePoints(value: unknown): value is EffectPoint[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > EFFECT_POINTS_MAX) return false;
  let lastMs = 0;
  for (const point of value as unknown[]) {
    if (typeof point !== 'object' || point === null || !('atMs' in point) || !('level' in point))
      return false;
    if (!isIntegerIn(point.atMs, lastMs, EFFECT_MS_MAX) || !isIntegerIn(point.level, 0, LEVEL_MAX))
      return false;
    lastMs = point.atMs;
  }
  return true;
}

function isIntegerIn(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}
