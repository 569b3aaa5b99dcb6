import { type Problem, type ProblemTable, problemFrom } from '@nightjar/kit/problem';

/** Problems that auth adds to the common ones. */
export const AUTH_PROBLEMS = {
  challenge_invalid: [
    'unauthenticated',
    'The challenge is unknown, used already or older than a minute. Ask for a new one, sign it and send it once.',
  ],
  signature_invalid: [
    'unauthenticated',
    'The signature is not by this key over the documented text. Sign exactly what this request says.',
  ],
  not_a_broadcaster: [
    'forbidden',
    'This key is not a broadcaster here. Ask the operator to add its public key, or sign in as a viewer.',
  ],
} as const satisfies ProblemTable;

export function authProblem(code: keyof typeof AUTH_PROBLEMS, cause?: unknown): Problem {
  return problemFrom(AUTH_PROBLEMS, code, cause);
}
