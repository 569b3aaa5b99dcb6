import { makeOutcomeKey, type OutcomeBody, type OutcomeResult, signOutcome } from '@nightjar/bridge/outcome';
import { fromBase64Url } from '@nightjar/sealed/base64url';

const key = await makeOutcomeKey();

/** The same effect's outcome as a bridge signs it. */
export async function outcome(
  tipId: string,
  roomId: string,
  result: OutcomeResult,
  durationMs: number,
  ranMs: number = result === 'ran' ? durationMs : 0,
  atServerMs = 1_800_000_000_000,
) {
  const body: OutcomeBody = {
    roomId,
    tipId,
    result,
    ranMs,
    durationMs,
    ...(result === 'ran' ? {} : { reason: 'test' }),
    atServerMs,
  };
  const signed = await signOutcome(key, body);
  return {
    body: fromBase64Url(signed.body),
    signature: fromBase64Url(signed.signature),
    publicKey: fromBase64Url(signed.publicKey),
  };
}
