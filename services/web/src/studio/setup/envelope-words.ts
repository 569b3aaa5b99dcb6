import type { Envelope } from '@nightjar/bridge/machine/envelope';

/** What the sliders offer, each from its most careful end. */
export const LEVEL_CAPS = { min: 0.1, max: 1, step: 0.05 } as const;
/** A soft start is how long the way to the highest level takes, in seconds; 0 is at once. */
export const SOFT_STARTS = { min: 0, max: 5, step: 0.5 } as const;
/** Seconds. */
export const LONGEST_RUNS = { min: 5, max: 180, step: 5 } as const;
/** Seconds. */
export const PAUSES = { min: 0, max: 30, step: 1 } as const;

/** An envelope as a person sets it. */
export interface EnvelopeDraft {
  readonly levelMax: number;
  readonly softStartS: number;
  readonly longestRunS: number;
  readonly pauseS: number;
}

export function draftOf({
  levelMax,
  risePerSecondMax,
  jumpLevelMax,
  continuousMsMax,
  cooldownMs,
}: Envelope): EnvelopeDraft {
  const soft = jumpLevelMax >= levelMax ? 0 : (levelMax - jumpLevelMax) / risePerSecondMax;
  return {
    levelMax: toStep(levelMax, LEVEL_CAPS),
    softStartS: toStep(soft, SOFT_STARTS),
    longestRunS: toStep(continuousMsMax / 1_000, LONGEST_RUNS),
    pauseS: toStep(cooldownMs / 1_000, PAUSES),
  };
}

/** The envelope that a draft stands for. What has no slider stays as it was. */
export function envelopeOf(draft: EnvelopeDraft, before: Envelope): Envelope {
  const { levelMax, softStartS, longestRunS, pauseS } = draft;
  // The first step of a soft start is never higher than the level cap allows.
  const jumpLevelMax = softStartS === 0 ? levelMax : Math.min(before.jumpLevelMax, levelMax * 0.25);
  return {
    ...before,
    levelMax,
    jumpLevelMax,
    risePerSecondMax:
      softStartS === 0 ? Math.max(before.risePerSecondMax, levelMax) : (levelMax - jumpLevelMax) / softStartS,
    continuousMsMax: longestRunS * 1_000,
    cooldownMs: pauseS * 1_000,
  };
}

export function levelWords(levelMax: number): string {
  const percent = `${Math.round(levelMax * 100)}%`;
  if (levelMax <= 0.3) return `${percent}: gentle`;
  if (levelMax <= 0.6) return `${percent}: middling`;
  if (levelMax <= 0.85) return `${percent}: strong`;
  return `${percent}: all that the device can`;
}

export function softStartWords(seconds: number): string {
  return seconds === 0 ? 'at once' : `over ${seconds} s`;
}

export function longestRunWords(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : minutes(seconds);
}

export function pauseWords(seconds: number): string {
  return seconds === 0 ? 'none' : `${seconds} s of rest`;
}

/** One line for a device's card. */
export function envelopeLine(envelope: Envelope): string {
  const { levelMax, softStartS, longestRunS, pauseS } = draftOf(envelope);
  return [
    `up to ${Math.round(levelMax * 100)}%`,
    softStartS === 0 ? 'starts at once' : `starts over ${softStartS} s`,
    `${longestRunWords(longestRunS)} at most`,
    ...(pauseS === 0 ? [] : [`${pauseS} s between`]),
  ].join(', ');
}

function minutes(seconds: number): string {
  const whole = Math.floor(seconds / 60);
  const rest = seconds % 60;
  return rest === 0 ? `${whole} min` : `${whole} min ${rest} s`;
}

function toStep(value: number, { min, max, step }: { min: number; max: number; step: number }): number {
  const near = Math.round(value / step) * step;
  return Math.round(Math.min(max, Math.max(min, near)) * 100) / 100;
}
