import { TRIAL_MS_MAX } from './limits.ts';

/**
 * What a person's hand gives to one trial, in the place of a permit: the right to gentle movement for TRIAL_MS_MAX, once.
 * It cannot be renewed, so no server is needed to end it.
 */
export class TrialRight {
  readonly #untilMono: number;

  private constructor(untilMono: number) {
    this.#untilMono = untilMono;
  }

  /** Only the machine's trial begins one, and only after the input of a hand. */
  static begin(nowMono: number): TrialRight {
    return new TrialRight(nowMono + TRIAL_MS_MAX);
  }

  get untilMono(): number {
    return this.#untilMono;
  }
}
