import type { MenuItem } from '@nightjar/contracts/ws-protocol';

/** What somebody is about to tip. */
export interface TipWish {
  readonly item?: MenuItem;
  readonly amount: bigint;
  readonly note?: string;
}
