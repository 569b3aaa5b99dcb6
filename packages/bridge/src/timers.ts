import type { Now } from './machine/types.ts';

/** Both clocks, injected. */
export interface Clock {
  now(): Now;
}

/** Timers, injected. A timer may be late, never early. */
export interface Timers {
  /** Calls back after `delayMs`, once. @returns what cancels it */
  after(delayMs: number, callback: () => void): () => void;
}

/** The platform's clocks. */
export const systemClock: Clock = {
  now: () => ({ mono: performance.now(), wall: Date.now() }),
};

/** The platform's timers. */
export const systemTimers: Timers = {
  after(delayMs, callback) {
    // Platforms round down; a step that comes before its time would only be repeated.
    const timer = setTimeout(callback, Math.ceil(delayMs));
    return () => clearTimeout(timer);
  },
};
