import { type Problem, type ProblemTable, problemFrom } from '@nightjar/kit/problem';

/** Problems that payments adds to the common ones. */
export const PAYMENTS_PROBLEMS = {
  // Also when the wallet is there and the key is another one's.
  wallet_unknown: ['not_found', 'There is no such wallet for this key. Open it first.'],
  insufficient_tokens: [
    'refused',
    'The wallet has fewer tokens than that. Nothing was moved. Buy tokens first.',
  ],
  amount_out_of_range: ['invalid', 'The amount is outside what one tip or purchase may move.'],
  tip_id_taken: ['conflict', 'This tip id stands for another tip already. Make a new id.'],
  tip_order_invalid: [
    'refused',
    'The tip order does not say what the tip says, or its wallet did not sign it. Make a new one.',
  ],
  tip_order_key_unknown: [
    'refused',
    'The tip order is sealed to a key that is no longer used. Get the keys again and seal a new one.',
  ],
  tip_order_expired: ['refused', 'The tip order is past its time. Nothing was moved. Make a new one.'],
  // Also a tip of another room.
  tip_not_found: ['not_found', 'There is no such tip here.'],
  outcome_invalid: ['refused', 'The outcome is not a signed one for this tip and this effect.'],
  room_events_gone: [
    'not_found',
    'Events that old are no longer kept. Ask for the latest ones, and take the room as they say.',
  ],
  proof_missing: [
    'unauthenticated',
    "Send a Nightjar-Proof header, made with the wallet's key for this request.",
  ],
  proof_invalid: [
    'unauthenticated',
    'The proof is not one for this request by a wallet key. Make a new one for exactly what is sent.',
  ],
  proof_stale: [
    'unauthenticated',
    'The proof is too old, or of a clock that runs ahead. Set the clock and make a new one.',
  ],
  proof_used: ['conflict', 'This proof has bought something already. Make a new one for a new purchase.'],
  idempotency_key_missing: [
    'invalid',
    'Send an Idempotency-Key header of 16 to 64 letters, digits, hyphens or underscores; repeat it when you retry.',
  ],
  idempotency_key_reused: [
    'conflict',
    'This Idempotency-Key was used for another purchase. Use a new key for a new purchase.',
  ],
  gateway_unknown: ['refused', 'This installation has no such gateway.'],
  // Also what somebody learns who does not own the room. The same words as everywhere.
  room_not_found: ['not_found', 'There is no such room.'],
} as const satisfies ProblemTable;

export type PaymentsProblemCode = keyof typeof PAYMENTS_PROBLEMS;

export function paymentsProblem(code: PaymentsProblemCode, cause?: unknown): Problem {
  return problemFrom(PAYMENTS_PROBLEMS, code, cause);
}
