import { verifyOutcome } from '@nightjar/bridge/outcome';
import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { Problem } from '@nightjar/kit/problem';
import { contextFrom, inSpan, SpanKind } from '@nightjar/kit/telemetry';
import { problem } from '../../errors.ts';
import type { Guest } from '../session.ts';

/** A bridge's signed word on an effect, to payments. The bridge sends it again until it hears `settled`. */
export function outcome(guest: Guest, message: Extract<ClientMessage, { t: 'outcome' }>): Promise<void> {
  return inSpan('outcome', { kind: SpanKind.SERVER, parent: contextFrom(message.trace) }, async () => {
    const { context, holder } = guest;
    const key = Buffer.from(holder.bridge?.publicKey ?? '', 'base64url');
    const body = await verifyOutcome(message.outcome, key);
    if (!body || body.tipId !== message.tipId || body.roomId !== holder.roomId)
      throw problem('outcome_invalid');
    const bytes = (text: string) => Buffer.from(text, 'base64url');
    const { outcome: signed } = message;
    try {
      await context.neighbours.payments.settle({
        tipId: message.tipId,
        roomId: holder.roomId,
        outcome: {
          body: bytes(signed.body),
          signature: bytes(signed.signature),
          publicKey: bytes(signed.publicKey),
        },
      });
    } catch (error) {
      // A tip that the ledger does not know will never be settled: the bridge may forget it.
      if (!(error instanceof Problem) || error.code !== 'tip_not_found') throw error;
    }
    guest.say({ t: 'settled', tipId: message.tipId });
  });
}
