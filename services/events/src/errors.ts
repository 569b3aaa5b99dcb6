import { Problem, type ProblemTable, problemFrom } from '@nightjar/kit/problem';

/** What this service may answer, on its socket and in REST. */
export const EVENTS_PROBLEMS = {
  room_not_found: ['not_found', 'There is no such room.'],
  role_missing: ['forbidden', 'This connection may not do that. Come in with the role that may.'],
  too_many_tips: ['too_many', 'Tips are coming too fast. Wait a second.'],
  too_many_lines: ['too_many', 'Lines are coming too fast. Wait a moment.'],
  too_many_key_asks: ['too_many', 'Keys are asked for too often. Ask again in a few seconds.'],
  silenced: ['forbidden', 'The broadcaster silenced you for a while. You can write again when it is over.'],
  too_many_rooms: ['invalid', 'These are more rooms than can be counted at once. Ask about fewer.'],
  too_many_messages: ['too_many', 'Messages are coming too fast. Wait a moment.'],
  unknown_message: ['invalid', 'The server does not know this kind of message.'],
  malformed_message: ['invalid', 'The message is not of the documented form.'],
  menu_item_unknown: ['not_found', 'This item is not on the menu any more. Look at the menu again.'],
  menu_price_changed: ['conflict', 'The price has changed. Look at the menu again.'],
  show_not_live: ['conflict', 'The show is not on. Tip when it is.'],
  ticket_invalid: ['unauthenticated', 'The join ticket is used, too old or unknown. Ask for a new one.'],
  bridge_key_missing: ['invalid', 'A bridge comes in with its public key.'],
  outcome_invalid: ['invalid', 'The outcome is not signed by this bridge for this tip.'],
  edge_unknown: ['forbidden', 'An edge says of itself only that it goes.'],
  server_full: ['too_many', 'This server holds as many connections as it may. Try again in a moment.'],
} as const satisfies ProblemTable;

export function problem(code: keyof typeof EVENTS_PROBLEMS, cause?: unknown): Problem {
  return problemFrom(EVENTS_PROBLEMS, code, cause);
}

/** `silenced`, with when it is over. */
export class Silenced extends Problem {
  readonly until: string;

  constructor(untilMs: number) {
    const [kind, text] = EVENTS_PROBLEMS.silenced;
    super(kind, 'silenced', text);
    this.until = new Date(untilMs).toISOString();
  }
}

/** Reasons that a permit or the seat is refused for; the bridge shows them. */
export const REFUSED = {
  seatTaken: 'seat_taken',
  seatWait: 'seat_wait',
  seatLost: 'seat_lost',
  draining: 'draining',
  unavailable: 'unavailable',
} as const;
