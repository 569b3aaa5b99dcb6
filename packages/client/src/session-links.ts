import { backoffMs } from './backoff.ts';
import type { CloseReason } from './close-reason.ts';
import { STABLE_MS } from './limits.ts';
import { flushAsks } from './session-asks.ts';
import {
  closeAll,
  type Draft,
  findLink,
  isPending,
  patchLink,
  patchState,
  readyLink,
  removeLink,
  toPhase,
  toStage,
  write,
} from './session-draft.ts';
import type { Link } from './session-types.ts';

/** Begins a new link, if none is on its way. */
export function beginLink(draft: Draft): void {
  const { beginMs: _now, ...state } = draft.state;
  draft.state = state;
  if (state.links.some(isPending)) return;
  const id = state.lastLink + 1;
  const at = draft.nowMs;
  const link: Link = { id, stage: 'ticket', sinceMs: at, heardMs: at, wroteMs: at, pingedMs: at, pings: 0 };
  patchState(draft, { lastLink: id, links: [...state.links, link] });
  draft.outputs.push({ is: 'get_ticket', link: id });
}

export function onTicket(draft: Draft, id: number, ticket: string): void {
  if (findLink(draft, id)?.stage !== 'ticket') return;
  toStage(draft, id, 'opening');
  patchLink(draft, id, { ticket });
  draft.outputs.push({ is: 'connect', link: id, ticket });
}

export function onOpened(draft: Draft, id: number): void {
  const link = findLink(draft, id);
  if (link?.stage !== 'opening' || link.ticket === undefined) return;
  const { place } = draft.state;
  write(draft, id, { t: 'hello', ticket: link.ticket, ...(place ? { resume: place } : {}) });
  patchLink(draft, id, { ticket: '', heardMs: draft.nowMs, ...(place ? { resumed: place } : {}) });
  toStage(draft, id, 'hello');
}

/** From now on this link is the one that is written to; the one before stays a moment for its last answers. */
export function onReady(draft: Draft, id: number): void {
  const before = readyLink(draft.state);
  if (before) toStage(draft, before.id, 'leaving');
  toStage(draft, id, 'ready');
  toPhase(draft, 'live');
  flushAsks(draft);
}

/** Drops a link for a fault that we found. */
export function failLink(draft: Draft, id: number, reason: CloseReason): void {
  draft.outputs.push({ is: 'drop', link: id });
  onEnded(draft, id, reason);
}

/** A link is gone: from the network, by the server's word, or by ours. */
export function onEnded(draft: Draft, id: number, reason: CloseReason, waitMs = 0): void {
  const link = findLink(draft, id);
  if (!link) return;
  removeLink(draft, id);
  if (link.stage === 'leaving') {
    flushAsks(draft);
    return;
  }
  const ready = readyLink(draft.state);
  if (!reason.retry && !mayGoOn(draft, link, reason)) {
    closeAll(draft, reason);
    return;
  }
  if (!ready && draft.state.phase === 'live') toPhase(draft, 'reconnecting', reason);
  const stood = link.stage === 'ready' && draft.nowMs - link.sinceMs >= STABLE_MS;
  const failures = stood ? 1 : draft.state.failures + 1;
  patchState(draft, ready ? { failures } : { failures, reason });
  // Of a hand-over that was refused for good the old link's end will tell; asking again would not help.
  if (!reason.retry && ready) return;
  if (draft.state.links.some(isPending)) return;
  const pauseMs = Math.max(waitMs, backoffMs(failures, draft.random, draft.state.options.backoff));
  patchState(draft, { beginMs: draft.nowMs + pauseMs });
}

/** Whether another link makes up for one that is not to come back. */
function mayGoOn(draft: Draft, ended: Link, reason: CloseReason): boolean {
  if (isPending(ended)) return readyLink(draft.state) !== undefined;
  // The bridge that took our seat is ourselves, on the socket that takes over.
  return (
    reason.code === 'seat_lost' && draft.state.links.some((link) => isPending(link) || link.stage === 'ready')
  );
}
