import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { type CloseReason, LEFT } from './close-reason.ts';
import type { Link, LinkStage, Moment, Phase, SessionOutput, SessionState } from './session-types.ts';

/** One step in the making: the state so far and the outputs so far. It does not outlive the step. */
export interface Draft extends Moment {
  state: SessionState;
  readonly outputs: SessionOutput[];
}

const PENDING: ReadonlySet<LinkStage> = new Set(['ticket', 'opening', 'hello', 'joined']);

export function isPending(link: Link): boolean {
  return PENDING.has(link.stage);
}

export function findLink(draft: Draft, id: number): Link | undefined {
  return draft.state.links.find((link) => link.id === id);
}

/** The one link that is written to. */
export function readyLink(state: SessionState): Link | undefined {
  return state.links.find(({ stage }) => stage === 'ready');
}

export function patchState(draft: Draft, patch: Partial<SessionState>): void {
  draft.state = { ...draft.state, ...patch };
}

export function patchLink(draft: Draft, id: number, patch: Partial<Link>): void {
  patchState(draft, {
    links: draft.state.links.map((link) => (link.id === id ? { ...link, ...patch } : link)),
  });
}

export function toStage(draft: Draft, id: number, stage: LinkStage): void {
  patchLink(draft, id, { stage, sinceMs: draft.nowMs });
}

export function removeLink(draft: Draft, id: number): void {
  patchState(draft, { links: draft.state.links.filter((link) => link.id !== id) });
}

export function write(draft: Draft, link: number, message: ClientMessage): void {
  draft.outputs.push({ is: 'write', link, message });
  patchLink(draft, link, { wroteMs: draft.nowMs });
}

export function toPhase(draft: Draft, phase: Phase, reason?: CloseReason): void {
  if (draft.state.phase === phase) return;
  const { reason: _before, ...state } = draft.state;
  draft.state = { ...state, phase, ...(reason ? { reason } : {}) };
  draft.outputs.push({ is: 'phase', phase, ...(reason ? { reason } : {}) });
}

/** For good: no link stays, nothing will be answered. */
export function closeAll(draft: Draft, reason: CloseReason = LEFT): void {
  for (const { id } of draft.state.links) draft.outputs.push({ is: 'drop', link: id });
  for (const id of draft.state.asks.keys()) draft.outputs.push({ is: 'unanswered', id, code: 'closed' });
  const { beginMs: _never, ...state } = draft.state;
  draft.state = { ...state, links: [], asks: new Map() };
  toPhase(draft, 'closed', reason);
}
