/** What a room's tips add up to. */
export interface Goal {
  readonly goalId: string;
  readonly title: string;
  /** Tokens. */
  readonly amount: bigint;
  /** What was settled before does not count. */
  readonly setAt: Date;
}
