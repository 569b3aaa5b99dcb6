import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { contextFrom, inSpan, SpanKind } from '@nightjar/kit/telemetry';
import type { Guest } from '../guest.ts';
import { seatHolder } from './seat.ts';

/**
 * What a bridge says of an effect while it waits or runs: shown to the room, and kept in its snapshot, so that another
 * bridge does not run what has begun. No money moves by it. Of a bridge without the seat it is not heard; that bridge
 * learns from its permits that the seat is gone, and its outcomes still count.
 */
export function progress(guest: Guest, message: Extract<ClientMessage, { t: 'progress' }>): Promise<void> {
  return inSpan('progress', { kind: SpanKind.SERVER, parent: contextFrom(message.trace) }, async () => {
    const { context, holder } = guest;
    const at = new Date(context.clock.wall()).toISOString();
    const { tipId, state } = message;
    await context.roomLog.progress({
      roomId: holder.roomId,
      entry: JSON.stringify({ at, kind: 'progress', tipId, state }),
      holder: seatHolder(guest),
      tipId,
      state,
    });
  });
}
