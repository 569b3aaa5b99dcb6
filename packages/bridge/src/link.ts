import type { ProgressState, SignedOutcome } from '@nightjar/contracts/ws-protocol';
import type { PermitAnswer } from './machine/permit.ts';
import type { TippedEffect } from './machine/types.ts';

/** The bridge's line to `events`: it brings effects and permits, and takes outcomes. Reconnecting is its own affair. */
export interface BridgeLink {
  /** Begins to connect. Events may come from now on, also within this call. */
  start(events: LinkEvents): void;
  /** Sends ask `n`. The permit counts from this call. */
  askPermit(n: number): void;
  /** Sends an outcome; it is sent again until `settled` came. */
  sendOutcome(tipId: string, outcome: SignedOutcome, trace?: string): void;
  sendProgress(tipId: string, state: ProgressState, trace?: string): void;
  close(): void;
}

export interface LinkEvents {
  /** The socket is open and this bridge holds the room's seat. */
  up(): void;
  /** The socket is closed, or the seat is lost. Told at once. */
  down(): void;
  effect(tip: TippedEffect): void;
  /** The room's log says that an effect has begun, here or on another bridge. */
  begun(tipId: string): void;
  permit(answer: PermitAnswer): void;
  /** Payments has the outcome. */
  settled(tipId: string): void;
  /** The server refused the outcome for good: the same one again will not be taken. */
  rejected(tipId: string, code: string): void;
}
