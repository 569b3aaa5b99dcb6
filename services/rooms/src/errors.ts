import { type Problem, type ProblemTable, problemFrom } from '@nightjar/kit/problem';
import { STILL_EVERY_MS, STILL_SIDE_PIXELS_MAX, TAG_CHARACTERS_MAX } from './limits.ts';

export const ROOMS_PROBLEMS = {
  // Also what a fence and a ban answer: whoever may not know of a room learns nothing.
  room_not_found: ['not_found', 'There is no such room.'],
  broadcaster_only: [
    'forbidden',
    'Only a broadcaster may do this. Ask for an access token with "broadcaster": true.',
  ],
  idempotency_key_missing: [
    'invalid',
    'Send an Idempotency-Key header of 1 to 64 letters, digits or hyphens; repeat it when you retry.',
  ],
  idempotency_key_reused: [
    'conflict',
    'This Idempotency-Key was used for another room. Use a new key for a new room.',
  ],
  rooms_too_many: ['refused', 'You have as many rooms as a broadcaster may have. Use one of them.'],
  show_already_on: ['conflict', 'A show is on in this room. End it before you start another.'],
  show_not_live: [
    'conflict',
    'No show is on in this room. Come back with a new join ticket when one begins.',
  ],
  menu_changed: ['conflict', 'The menu was changed since you read it. Read it again and repeat your change.'],
  menu_item_twice: ['refused', 'Two items of the menu have the same itemId. Give each its own.'],
  menu_name_invalid: ['refused', 'The name of an item is one line with something to read in it.'],
  menu_effect_invalid: [
    'refused',
    'An effect goes back in time or has a point after its end. Order its points and keep them within durationMs.',
  ],
  tag_invalid: [
    'refused',
    `A tag is letters and digits of any language, with hyphens between words, ${TAG_CHARACTERS_MAX} characters at most. Change it.`,
  ],
  still_invalid: [
    'refused',
    `A still is a whole WebP, JPEG or PNG picture of at most ${STILL_SIDE_PIXELS_MAX} pixels a side. Send one of these.`,
  ],
  still_too_soon: [
    'too_many',
    `The still was changed a moment ago. Send the next one in ${STILL_EVERY_MS / 1000} seconds.`,
  ],
  still_without_show: ['conflict', 'No show is on in this room. Send a still when one is.'],
  still_not_found: ['not_found', 'This room has no still now.'],
  removal_without_show: [
    'conflict',
    'Somebody is removed from the show that is on, and none is. Ban them, or wait for a show.',
  ],
  sanctions_too_many: [
    'refused',
    'This room has as many sanctions as it may have. Lift one that is needed no more.',
  ],
  media_not_for_bridge: ['forbidden', 'A bridge gets no picture. Use a ticket as viewer or broadcaster.'],
  cursor_invalid: ['invalid', 'This cursor is not one of ours. Begin again without a cursor.'],
  webhook_invalid: ['unauthenticated', 'Not signed by the LiveKit server that this installation uses.'],
} as const satisfies ProblemTable;

export function roomsProblem(code: keyof typeof ROOMS_PROBLEMS, cause?: unknown): Problem {
  return problemFrom(ROOMS_PROBLEMS, code, cause);
}
