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
  const { place } = draft.state;
  // What may be gone on from: the place that was asked for, or, when nobody asked, where we are now.
  const asked = link.stage === 'hello' ? welcome.recovered && link.resumed : place;
  const recovered = goesOn(welcome, asked || undefined) && place?.epoch === epoch;
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

/** Never only the server's word: it goes on where we were, or it does not. */
function goesOn(welcome: Welcome, place: LogPlace | undefined): boolean {
  return (
    place !== undefined &&
    welcome.epoch === place.epoch &&
    welcome.from <= place.offset + 1 &&
    welcome.offset >= place.offset
  );
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
