import type { Quality } from '../lib/preferences.ts';
import type { TipWish } from './tip-wish.ts';

/** What became of a wish to tip. */
export type Tipped = { readonly is: 'sent' } | { readonly is: 'short'; readonly balance: bigint };

/** All that a person can do in a room. */
export interface RoomHands {
  readonly roomId: string;
  say(text: string): void;
  /** Rejects with ProblemError where nobody could come in as a viewer. */
  tip(wish: TipWish): Promise<Tipped>;
  /** Buys play tokens. @returns the balance. Rejects with ProblemError. */
  buy(amount: bigint): Promise<bigint>;
  /** They compared the keeper's code, and believe the new one. */
  acceptKeeper(): void;
  retry(): void;
  confirmAge(): void;
  mute(muted: boolean): void;
  setVolume(volume: number): void;
  setQuality(quality: Quality): void;
}
