import { type ClientMessage, PERMIT_MS } from '@nightjar/contracts/ws-protocol';
import { REFUSED } from '../../errors.ts';
import type { Guest } from '../guest.ts';
import { seatHolder } from './seat.ts';

/**
 * A bridge asks to go on for PERMIT_MS, counted by the bridge from when it asked. Given only while this pod is not going,
 * the bus answers, and Redis says that the seat is this bridge's; in doubt it is refused, and the outputs rest.
 */
export async function permit(guest: Guest, { n }: Extract<ClientMessage, { t: 'permit' }>): Promise<void> {
  const code = await decide(guest);
  guest.context.metrics.permit(code ?? 'given');
  const serverMs = guest.context.clock.wall();
  if (code === undefined) guest.say({ t: 'permit', n, forMs: PERMIT_MS, serverMs });
  else guest.say({ t: 'refused', n, code, serverMs });
}

async function decide(guest: Guest): Promise<string | undefined> {
  const { context, holder } = guest;
  if (context.drain.permitsEnded) return REFUSED.draining;
  if (!context.dependencies.fresh) return REFUSED.unavailable;
  try {
    const given = await context.permits.permit(holder.roomId, seatHolder(guest));
    return given ? undefined : REFUSED.seatLost;
  } catch {
    return REFUSED.unavailable;
  }
}
