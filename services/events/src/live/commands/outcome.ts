import { readOutcome } from '@nightjar/bridge/node/verify-outcome';
import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { Problem } from '@nightjar/kit/problem';
import { contextFrom, inSpan, SpanKind } from '@nightjar/kit/telemetry';
import { problem } from '../../errors.ts';
import type { Guest } from '../guest.ts';

/** A bridge's signed word on an effect, to payments. The bridge sends it again until it hears `settled`. */
export function outcome(guest: Guest, message: Extract<ClientMessage, { t: 'outcome' }>): Promise<void> {
  return inSpan('outcome', { kind: SpanKind.SERVER, parent: contextFrom(message.trace) }, async () => {
    const { context, holder } = guest;
    const { body, signature, publicKey } = message.outcome;
    const outcome = { body: bytes(body), signature: bytes(signature), publicKey: bytes(publicKey) };
    const said = publicKey === holder.bridge?.publicKey ? readOutcome(outcome) : undefined;
    if (!said || said.tipId !== message.tipId || said.roomId !== holder.roomId)
      throw problem('outcome_invalid');
    try {
      await context.neighbours.payments.settle({ tipId: message.tipId, roomId: holder.roomId, outcome });
    } catch (error) {
      // A tip that the ledger does not know will never be settled: the bridge may forget it.
      if (!(error instanceof Problem) || error.code !== 'tip_not_found') throw error;
    }
    guest.say({ t: 'settled', tipId: message.tipId });
  });
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'base64url');
}
