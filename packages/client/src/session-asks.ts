import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { RESEND_MS, UNANSWERED_MAX } from './limits.ts';
import { type Draft, patchState, readyLink, write } from './session-draft.ts';
import type { Ask, SessionState } from './session-types.ts';

/** Takes a message that is to be answered, and writes it if there is a link to write to. */
export function addAsk(draft: Draft, id: string, message: ClientMessage): void {
  if (draft.state.phase === 'closed') {
    draft.outputs.push({ is: 'unanswered', id, code: 'closed' });
    return;
  }
  if (!draft.state.asks.has(id) && draft.state.asks.size >= UNANSWERED_MAX) {
    draft.outputs.push({ is: 'unanswered', id, code: 'queue_full' });
    return;
  }
  setAsk(draft, { id, message, link: 0, wroteMs: draft.nowMs });
  flushAsks(draft);
}

export function endAsk(draft: Draft, id: string): void {
  if (!draft.state.asks.has(id)) return;
  const asks = new Map(draft.state.asks);
  asks.delete(id);
  patchState(draft, { asks });
}

/**
 * Writes what was never written, or was written on a link that is gone without an answer. A link that is leaving may
 * still answer, so what it has is not written twice.
 */
export function flushAsks(draft: Draft): void {
  const ready = readyLink(draft.state);
  if (!ready) return;
  const alive = new Set(draft.state.links.map(({ id }) => id));
  for (const ask of draft.state.asks.values()) {
    if (alive.has(ask.link)) continue;
    write(draft, ready.id, ask.message);
    setAsk(draft, { ...ask, link: ready.id, wroteMs: draft.nowMs });
  }
}

/** All of them are safe to say twice: the server knows tips, outcomes and lines by their ids. */
export function resendAsks(draft: Draft): void {
  const ready = readyLink(draft.state);
  if (!ready) return;
  for (const ask of draft.state.asks.values()) {
    if (ask.link !== ready.id || draft.nowMs - ask.wroteMs < RESEND_MS) continue;
    write(draft, ready.id, ask.message);
    setAsk(draft, { ...ask, wroteMs: draft.nowMs });
  }
}

/** When an ask is next to be written again. */
export function resendMs(state: SessionState): number | undefined {
  const ready = readyLink(state);
  const dues = [...state.asks.values()]
    .filter((ask) => ready !== undefined && ask.link === ready.id)
    .map((ask) => ask.wroteMs + RESEND_MS);
  return dues.length === 0 ? undefined : Math.min(...dues);
}

function setAsk(draft: Draft, ask: Ask): void {
  patchState(draft, { asks: new Map(draft.state.asks).set(ask.id, ask) });
}
