import { type Effect, LEVEL_MAX } from '@nightjar/contracts/effect';

export const PRESETS = ['steady', 'wave', 'pulse', 'climb', 'tease'] as const;
export type Preset = (typeof PRESETS)[number];

export const PRESET_NAMES: Readonly<Record<Preset, string>> = {
  steady: 'Steady',
  wave: 'Wave',
  pulse: 'Heartbeat',
  climb: 'Climb',
  tease: 'Tease',
};

/** Seconds. */
export const EFFECT_SECONDS = { min: 1, max: 60, step: 1 } as const;
/** Shares of what the envelope allows. */
export const EFFECT_LEVELS = { min: 0.1, max: 1, step: 0.05 } as const;

/** One turn of a shape: its points in ms and shares of the level, and how long it takes; 0 is the whole effect. */
const SHAPES: Readonly<Record<Preset, { turnMs: number; points: readonly (readonly [number, number])[] }>> = {
  steady: { turnMs: 0, points: [[0, 1]] },
  wave: {
    turnMs: 2_000,
    points: [
      [0, 0.15],
      [1_000, 1],
      [2_000, 0.15],
    ],
  },
  pulse: {
    turnMs: 1_000,
    points: [
      [0, 1],
      [150, 1],
      [150, 0],
      [300, 0],
      [300, 0.65],
      [450, 0.65],
      [450, 0],
    ],
  },
  climb: {
    turnMs: 0,
    points: [
      [0, 0.1],
      [1, 1],
    ],
  },
  tease: {
    turnMs: 3_000,
    points: [
      [0, 0.2],
      [2_200, 0.5],
      [2_200, 1],
      [2_800, 1],
      [2_800, 0],
    ],
  },
};

export interface EffectDraft {
  readonly preset: Preset;
  readonly seconds: number;
  /** 0 to 1 */
  readonly level: number;
}

/** The effect that a draft stands for. A device that cannot vibrate but rotates or oscillates runs it all the same. */
export function effectOf({ preset, seconds, level }: EffectDraft): Effect {
  const { turnMs, points } = SHAPES[preset];
  const durationMs = seconds * 1_000;
  return {
    output: 'vibrate',
    durationMs,
    points: points
      // A shape without turns is as long as the effect.
      .map(([at, share]) => ({
        atMs: turnMs === 0 ? at * durationMs : at,
        level: Math.round(share * level * LEVEL_MAX),
      }))
      .filter(({ atMs }) => atMs <= durationMs),
    ...(turnMs === 0 ? {} : { repeatMs: turnMs }),
  };
}

const LEVELS = Array.from(
  { length: Math.round((EFFECT_LEVELS.max - EFFECT_LEVELS.min) / EFFECT_LEVELS.step) + 1 },
  (_, i) => Math.round((EFFECT_LEVELS.min + i * EFFECT_LEVELS.step) * 100) / 100,
);

/** The draft that an effect came from; undefined when it was made otherwise: it is kept as it is then. */
export function draftOfEffect(effect: Effect): EffectDraft | undefined {
  const seconds = effect.durationMs / 1_000;
  const text = JSON.stringify(inOrder(effect));
  return PRESETS.flatMap((preset) => LEVELS.map((level) => ({ preset, seconds, level }))).find(
    (draft) => JSON.stringify(effectOf(draft)) === text,
  );
}

/** As `effectOf` writes it: what came over the network may have its members in another order. */
function inOrder({ output, durationMs, points, repeatMs }: Effect): Effect {
  return {
    output,
    durationMs,
    points: points.map(({ atMs, level }) => ({ atMs, level })),
    ...(repeatMs === undefined ? {} : { repeatMs }),
  };
}
