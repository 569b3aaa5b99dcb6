/**
 * What a tip asks a device to do, as JSON on the WebSocket and in REST: a level over time, never open-ended.
 * `proto/nightjar/common/v1/effect.proto` is the same on the bus.
 */
export interface Effect {
  readonly output: OutputKind;
  /** How long in all. 1 to EFFECT_MS_MAX. */
  readonly durationMs: number;
  /** Straight lines between points; two points at one time are a jump; before the first and after the last the level stays. */
  readonly points: readonly EffectPoint[];
  /** With this set the points start again every so many milliseconds until `durationMs` is over. */
  readonly repeatMs?: number;
}

export interface EffectPoint {
  readonly atMs: number;
  /** Thousandths of what the envelope allows, 0 to LEVEL_MAX. */
  readonly level: number;
}

export const OUTPUT_KINDS = ['vibrate', 'rotate', 'oscillate', 'position', 'inflate'] as const;
export type OutputKind = (typeof OUTPUT_KINDS)[number];

export const LEVEL_MAX = 1000;
export const EFFECT_MS_MAX = 120_000;
export const EFFECT_POINTS_MAX = 64;
export const EFFECT_REPEAT_MS_MIN = 100;

/** How long after acceptance an effect may still begin. */
export const START_WITHIN_MS = 60_000;
/** After start deadline and duration, how long an outcome may take before the hold goes back to the wallet. */
export const OUTCOME_GRACE_MS = 60_000;
