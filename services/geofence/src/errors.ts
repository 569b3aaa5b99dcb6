import type { FenceError } from '@nightjar/fence/fence-error';
import { Problem, type ProblemTable, problemFrom } from '@nightjar/kit/problem';

/** Problems that geofence adds to the common ones. */
export const GEOFENCE_PROBLEMS = {
  // The same on every surface: whoever may not know of a room learns nothing.
  room_not_found: ['not_found', 'There is no such room.'],
  broadcaster_only: [
    'forbidden',
    'Only a broadcaster may do this. Ask for an access token with "broadcaster": true.',
  ],
  fence_version_missing: [
    'invalid',
    'Say which version you change: the ETag that you read in If-Match, or "version" in the body.',
  ],
  fence_changed: [
    'conflict',
    'The fence was changed since you read it. Read it again and repeat your change.',
  ],
  fence_of_another: ['conflict', 'This room has a fence that belongs to another broadcaster.'],
  fence_invalid: ['refused', 'These rules cannot be meant so.'],
} as const satisfies ProblemTable;

export function geofenceProblem(code: keyof typeof GEOFENCE_PROBLEMS, cause?: unknown): Problem {
  return problemFrom(GEOFENCE_PROBLEMS, code, cause);
}

/** Says which place of the rules is wrong: to whoever wrote them, and to nobody else. */
export function fenceInvalid(error: FenceError): Problem {
  const [kind, text] = GEOFENCE_PROBLEMS.fence_invalid;
  return new Problem(kind, 'fence_invalid', `${text} ${error.message}.`, error);
}
