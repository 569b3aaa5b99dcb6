import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Gateway } from './gateway.ts';

/**
 * Play money: paid at once, by nobody. It is what a new installation has, and the testbed. Its events are signed and
 * verified like those of a gateway elsewhere, with a key of this process, since they never travel.
 */
export function playGateway(key: Uint8Array): Gateway {
  const sign = (text: string) => createHmac('sha256', key).update(text).digest();
  return {
    name: 'play',
    async begin({ purchaseId, amount }) {
      const body = JSON.stringify({ eventId: `play-${purchaseId}`, purchaseId, amount: amount.toString() });
      const signature = sign(body).toString('hex');
      return { gateway: 'play', bytes: Buffer.from(JSON.stringify({ body, signature })) };
    },
    read({ bytes }) {
      const { body, signature } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, string>;
      const expected = sign(body ?? '');
      const given = Buffer.from(signature ?? '', 'hex');
      if (body === undefined || given.length !== expected.length || !timingSafeEqual(given, expected)) return;
      const { eventId, purchaseId, amount } = JSON.parse(body) as Record<string, string>;
      if (eventId === undefined || purchaseId === undefined || amount === undefined) return;
      return { eventId, kind: 'paid', purchaseId, amount: BigInt(amount) };
    },
  };
}
