import type { OutputKind } from '@nightjar/contracts/effect';
import { isDrivable, isOutputKind } from './kinds.ts';

/**
 * The broadcaster's limits (rule 5). They hold next to the device: no tip, no menu, no server and no fault
 * upstream gets past them.
 */
export interface Envelope {
  /** The highest level ever, 0 to 1. An effect's levels are shares of it. */
  readonly levelMax: number;
  /** A rise up to this level may come at once. */
  readonly jumpLevelMax: number;
  /** Above that the level rises by this much a second at most. It may fall at once. */
  readonly risePerSecondMax: number;
  /** The longest away from rest without a pause, in ms. */
  readonly continuousMsMax: number;
  /** How many ms of that come back with each ms at rest: 0.5 is a duty cycle of a third in the long run. */
  readonly recoveryShare: number;
  /** The least rest between two effects, in ms. */
  readonly cooldownMs: number;
  /** The kinds of output that may move at all; what is not here is a hard no. */
  readonly kinds: readonly OutputKind[];
}

/** Holds until the broadcaster sets another one. */
export const DEFAULT_ENVELOPE: Envelope = {
  levelMax: 0.8,
  jumpLevelMax: 0.5,
  risePerSecondMax: 2,
  continuousMsMax: 60_000,
  recoveryShare: 1,
  cooldownMs: 0,
  kinds: ['vibrate', 'rotate', 'oscillate'],
};

/**
 * How much of `continuousMsMax` is used up: grows by time away from rest, shrinks by time at rest. One number does
 * for the longest continuous run, for the duty cycle and for a run that is broken up into short pieces.
 */
export interface Exertion {
  readonly usedMs: number;
  readonly atMono: number;
}

/** Carries the exertion on to `nowMono`, given whether an output was away from rest since. */
export function exertionAt(known: Exertion, nowMono: number, away: boolean, envelope: Envelope): Exertion {
  const passedMs = Math.max(0, nowMono - known.atMono);
  const usedMs = away ? known.usedMs + passedMs : known.usedMs - passedMs * envelope.recoveryShare;
  return { usedMs: Math.max(0, usedMs), atMono: nowMono };
}

/** The level that may be written, given what an effect asks for and what was written last, `sinceMs` ago. */
export function capLevel(share: number, lastLevel: number, sinceMs: number, envelope: Envelope): number {
  const wanted = Math.min(Math.max(share, 0), 1) * envelope.levelMax;
  const risen = lastLevel + (envelope.risePerSecondMax * Math.max(0, sinceMs)) / 1_000;
  return Math.min(wanted, Math.max(envelope.jumpLevelMax, risen), envelope.levelMax);
}

/** Whether something is an envelope that the machine takes: it may come from a store or another program. */
export function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false;
  const { levelMax, jumpLevelMax, risePerSecondMax, continuousMsMax, recoveryShare, cooldownMs, kinds } =
    value as Record<keyof Envelope, unknown>;
  return (
    [levelMax, jumpLevelMax].every((share) => isAmount(share) && share <= 1) &&
    [risePerSecondMax, continuousMsMax, recoveryShare, cooldownMs].every(isAmount) &&
    Array.isArray(kinds) &&
    kinds.every((kind) => isOutputKind(kind) && isDrivable(kind))
  );
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
