import type { LogPlace, ServerMessage, Welcome } from '@nightjar/contracts/ws-protocol';
import { linkFault } from './close-reason.ts';
import { type Draft, patchLink, patchState, readyLink, toStage } from './session-draft.ts';
import { failLink, onReady } from './session-links.ts';
import { askSeat } from './session-seat.ts';
import type { Link, LinkStage } from './session-types.ts';

type EntryMessage = Extract<ServerMessage, { t: 'entry' }>;

/** The first welcome of a link, or a later one on the same socket: the room's log began anew, or was cut under us. */
export function onWelcome(draft: Draft, link: Link, welcome: Welcome): void {
  const { epoch, offset, from } = welcome;
  if (!WELCOMED.has(link.stage) || from < 1 || from > offset + 1) {
    failLink(draft, link.id, linkFault('bad_frame'));
    return;
  }
  const recovered = goesOn(welcome, draft.state.place, hadOffset(link, epoch));
  // Epochs have no order, but links do: an earlier link's word may be older than what a later one brought.
  if (!recovered && draft.state.links.some(({ id, log }) => id > link.id && log !== undefined)) {
    failLink(draft, link.id, linkFault('silent'));
    return;
  }
  if (!recovered) patchState(draft, { place: { epoch, offset: from - 1 }, pastTo: offset });
  patchLink(draft, link.id, { log: { epoch, expect: from } });
  // While another link is live and nothing was missed, there is nothing to tell.
  if (!recovered || !readyLink(draft.state)) draft.outputs.push({ is: 'welcome', welcome, recovered });
  if (link.stage !== 'hello') return;
  if (draft.state.options.seat) {
    toStage(draft, link.id, 'joined');
    askSeat(draft, link.id);
  } else {
    onReady(draft, link.id);
  }
}

const WELCOMED: ReadonlySet<LinkStage> = new Set(['hello', 'joined', 'ready', 'leaving']);

/**
 * Never the server's word: it goes on where we are, or it does not. It must still have all that this link's server is known
 * to have had; another link, which is the same log, may have brought more in the meantime.
 */
function goesOn(welcome: Welcome, place: LogPlace | undefined, hadOffset: number): boolean {
  return (
    place !== undefined &&
    welcome.epoch === place.epoch &&
    welcome.from <= place.offset + 1 &&
    welcome.offset >= hadOffset
  );
}

/** How far into an epoch this link has brought us, or was asked to go on from. */
function hadOffset({ log, resumed }: Link, epoch: string): number {
  if (log?.epoch === epoch) return log.expect - 1;
  return resumed?.epoch === epoch ? resumed.offset : 0;
}

/**
 * Each link's entries must come without a gap. With two links both streams are the same log, so what comes first is
 * delivered and the other is passed over: no gap and nothing twice.
 */
export function onEntry(draft: Draft, link: Link, { t: _t, offset, ...entry }: EntryMessage): void {
  const { place } = draft.state;
  const { log } = link;
  if (!log || !place) {
    failLink(draft, link.id, linkFault('bad_frame'));
    return;
  }
  if (log.epoch !== place.epoch) return; // of a log that is over
  if (offset !== log.expect || offset > place.offset + 1) {
    failLink(draft, link.id, linkFault('gap'));
    return;
  }
  patchLink(draft, link.id, { log: { ...log, expect: offset + 1 } });
  if (offset <= place.offset) return;
  patchState(draft, { place: { epoch: place.epoch, offset } });
  draft.outputs.push({ is: 'entry', offset, entry, past: offset <= draft.state.pastTo });
}
