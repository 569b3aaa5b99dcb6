/** Injected, so that rules about time can be tested without waiting. */
export interface Clock {
  /** Milliseconds since 1970, the wall's. */
  wall(): number;
  /** Milliseconds since some moment, never backwards. */
  mono(): number;
}

export const systemClock: Clock = { wall: () => Date.now(), mono: () => performance.now() };
