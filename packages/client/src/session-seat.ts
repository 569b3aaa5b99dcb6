import type { ServerMessage } from '@nightjar/contracts/ws-protocol';
import { CLOSE } from '@nightjar/contracts/ws-protocol';
import { type CloseReason, closeReason } from './close-reason.ts';
import { closeAll, type Draft, patchState, toPhase, toStage, write } from './session-draft.ts';
import { onReady } from './session-links.ts';
import type { Link } from './session-types.ts';

const SEAT_LOST = closeReason(CLOSE.seatLost.code);
const SEAT_UNKNOWN: CloseReason = {
  code: 'seat_lost',
  why: 'the server says that this bridge has no seat',
  retry: true,
};

/**
 * Asks for the room's seat. At a bridge's start it displaces another one, for a person started it; later it takes only
 * what is free, or two bridges would take it from each other for ever.
 */
export function askSeat(draft: Draft, link: number): void {
  write(draft, link, { t: 'seat', take: !draft.state.seated });
}

export function onSeat(
  draft: Draft,
  link: Link,
  { held, code }: Extract<ServerMessage, { t: 'seat' }>,
): void {
  if (held) {
    patchState(draft, { seated: true });
    if (link.stage === 'joined') onReady(draft, link.id);
  } else if (code === 'seat_taken' && draft.state.seated) {
    closeAll(draft, SEAT_LOST);
  }
}

/** A permit was refused because the seat is not ours: another bridge took it, or the server forgot who had it. */
export function onSeatLost(draft: Draft, link: Link): void {
  if (link.stage !== 'ready') return;
  toStage(draft, link.id, 'joined');
  toPhase(draft, 'reconnecting', SEAT_UNKNOWN);
  askSeat(draft, link.id);
}
