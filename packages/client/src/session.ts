import type { ServerMessage } from '@nightjar/contracts/ws-protocol';
import { WS_PING_EVERY_MS } from '@nightjar/contracts/ws-protocol';
import { BRIDGE_BACKOFF, VIEWER_BACKOFF } from './backoff.ts';
import { closeReason, linkFault } from './close-reason.ts';
import {
  BRIDGE_PING_EVERY_MS,
  BRIDGE_PONG_MS_MAX,
  LEAVING_MS_MAX,
  PONG_MS_MAX,
  SEAT_ASK_MS,
  SOCKET_OPEN_MS_MAX,
  WELCOME_MS_MAX,
} from './limits.ts';
import { addAsk, endAsk, resendAsks, resendMs } from './session-asks.ts';
import {
  closeAll,
  type Draft,
  findLink,
  isPending,
  patchLink,
  patchState,
  readyLink,
  write,
} from './session-draft.ts';
import { beginLink, failLink, onEnded, onOpened, onTicket } from './session-links.ts';
import { onEntry, onWelcome } from './session-log.ts';
import { askSeat, onSeat, onSeatLost } from './session-seat.ts';
import type {
  Link,
  Moment,
  SessionInput,
  SessionOptions,
  SessionState,
  SessionStep,
} from './session-types.ts';

export const VIEWER_SESSION: SessionOptions = {
  backoff: VIEWER_BACKOFF,
  pingEveryMs: WS_PING_EVERY_MS,
  pongMsMax: PONG_MS_MAX,
  seat: false,
};

export const BRIDGE_SESSION: SessionOptions = {
  backoff: BRIDGE_BACKOFF,
  pingEveryMs: BRIDGE_PING_EVERY_MS,
  pongMsMax: BRIDGE_PONG_MS_MAX,
  seat: true,
};

export function newSession(options: SessionOptions = VIEWER_SESSION): SessionState {
  return {
    options,
    phase: 'connecting',
    pastTo: 0,
    links: [],
    lastLink: 0,
    seated: false,
    failures: 0,
    asks: new Map(),
  };
}

/**
 * One step of being in a room. Pure: no socket, no clock, no chance. It promises that entries are delivered in the
 * log's order, each once, without a gap within an epoch; a gap or a new epoch is told by a `welcome` that is not
 * `recovered`, before anything of the new stretch.
 */
export function step(state: SessionState, input: SessionInput, moment: Moment): SessionStep {
  const draft: Draft = { ...moment, state, outputs: [] };
  if (state.phase === 'closed' && input.is !== 'ask') return { state, outputs: [] };
  apply(draft, input);
  if (draft.state.phase !== 'closed') dropDoneLinks(draft);
  return { state: draft.state, outputs: draft.outputs };
}

function apply(draft: Draft, input: SessionInput): void {
  switch (input.is) {
    case 'start':
      if (draft.state.lastLink === 0) beginLink(draft);
      break;
    case 'leave':
      closeAll(draft);
      break;
    case 'tick':
      tick(draft);
      break;
    case 'ticket':
      onTicket(draft, input.link, input.ticket);
      break;
    case 'ticket_failed':
      onEnded(draft, input.link, input.reason, input.waitMs);
      break;
    case 'opened':
      onOpened(draft, input.link);
      break;
    case 'message': {
      const link = findLink(draft, input.link);
      if (link) onMessage(draft, link, input.message);
      break;
    }
    case 'bad_frame':
    case 'stuck':
      if (findLink(draft, input.link)) failLink(draft, input.link, linkFault(input.is));
      break;
    case 'ended':
      onEnded(draft, input.link, closeReason(input.code));
      break;
    case 'ask':
      addAsk(draft, input.id, input.message);
      break;
    case 'forget':
      endAsk(draft, input.id);
      break;
    case 'tell': {
      const ready = readyLink(draft.state);
      if (ready) write(draft, ready.id, input.message);
      break;
    }
  }
}

function onMessage(draft: Draft, link: Link, message: ServerMessage): void {
  patchLink(draft, link.id, { heardMs: draft.nowMs });
  switch (message.t) {
    case 'welcome':
      onWelcome(draft, link, message);
      return;
    case 'entry':
      onEntry(draft, link, message);
      return;
    case 'pong':
      return;
    case 'going':
      if (link.stage === 'ready' && !draft.state.links.some(isPending))
        patchState(draft, { beginMs: draft.nowMs + message.inMs });
      return;
    case 'receipt':
    case 'settled':
      endAsk(draft, message.tipId);
      break;
    case 'posted':
      endAsk(draft, message.id);
      break;
    case 'error':
      if (message.re !== undefined) endAsk(draft, message.re);
      break;
    case 'seat':
      if (link.stage === 'leaving') return;
      onSeat(draft, link, message);
      break;
    case 'refused':
      if (message.code === 'seat_lost') onSeatLost(draft, link);
      break;
    case 'presence':
      if (link.stage === 'leaving') return;
      break;
  }
  draft.outputs.push({ is: 'reply', message });
}

function tick(draft: Draft): void {
  const { beginMs } = draft.state;
  if (beginMs !== undefined && draft.nowMs >= beginMs) beginLink(draft);
  for (const link of draft.state.links) tickLink(draft, link);
  if (draft.state.phase !== 'closed') resendAsks(draft);
}

function tickLink(draft: Draft, link: Link): void {
  const { nowMs } = draft;
  const dueMs = limitMs(link, draft.state.options);
  if (dueMs !== undefined && nowMs >= dueMs) {
    const fault = { opening: 'open_timeout', hello: 'welcome_timeout' } as const;
    const code = link.stage === 'opening' || link.stage === 'hello' ? fault[link.stage] : 'silent';
    failLink(draft, link.id, linkFault(code));
    return;
  }
  if (nowMs < pingMs(link, draft.state.options)) return;
  if (link.stage === 'joined') {
    askSeat(draft, link.id);
  } else {
    write(draft, link.id, { t: 'ping', n: link.pings });
  }
  patchLink(draft, link.id, { pingedMs: nowMs, pings: link.pings + 1 });
}

/** When a link has taken too long over its stage, or been silent for too long. */
function limitMs(link: Link, { pingEveryMs, pongMsMax }: SessionOptions): number | undefined {
  switch (link.stage) {
    case 'ticket':
      return undefined; // has a limit of its own
    case 'opening':
      return link.sinceMs + SOCKET_OPEN_MS_MAX;
    case 'hello':
      return link.sinceMs + WELCOME_MS_MAX;
    case 'leaving':
      return link.sinceMs + LEAVING_MS_MAX;
    case 'joined':
    case 'ready':
      return link.heardMs + pingEveryMs + pongMsMax;
  }
}

function pingMs(link: Link, { pingEveryMs }: SessionOptions): number {
  if (link.stage === 'joined') return link.wroteMs + SEAT_ASK_MS;
  if (link.stage !== 'ready') return Number.POSITIVE_INFINITY;
  return Math.max(Math.min(link.heardMs, link.wroteMs), link.pingedMs) + pingEveryMs;
}

/** A replaced link goes as soon as nothing waits for its answer. */
function dropDoneLinks(draft: Draft): void {
  for (const link of draft.state.links) {
    if (link.stage !== 'leaving') continue;
    if ([...draft.state.asks.values()].some((ask) => ask.link === link.id)) continue;
    failLink(draft, link.id, linkFault('silent'));
  }
}

/** When the session wants its next `tick`; undefined when it waits for something else. */
export function wakeMs(state: SessionState): number | undefined {
  const dues = [state.beginMs, resendMs(state)];
  for (const link of state.links) dues.push(limitMs(link, state.options), pingMs(link, state.options));
  const known = dues.filter((due) => due !== undefined && Number.isFinite(due)) as number[];
  return known.length === 0 ? undefined : Math.min(...known);
}
