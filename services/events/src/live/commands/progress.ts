import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { contextFrom, inSpan, SpanKind } from '@nightjar/kit/telemetry';
import type { Guest } from '../session.ts';

/** What a bridge says of an effect while it waits or runs: shown to the room, no money moves by it. */
export function progress(guest: Guest, message: Extract<ClientMessage, { t: 'progress' }>): Promise<void> {
  return inSpan('progress', { kind: SpanKind.SERVER, parent: contextFrom(message.trace) }, async () => {
    const { context, holder } = guest;
    const at = new Date(context.clock.wall()).toISOString();
    const entry = { at, kind: 'progress', tipId: message.tipId, state: message.state };
    await context.roomLog.append({ roomId: holder.roomId, entry: JSON.stringify(entry) });
  });
}
