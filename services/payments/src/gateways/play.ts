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
      const { body, signature } = fieldsOf(Buffer.from(bytes).toString('utf8'));
      if (body === undefined || signature === undefined) return;
      const expected = sign(body);
      const given = Buffer.from(signature, 'hex');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return;
      const { eventId, purchaseId, amount } = fieldsOf(body);
      if (eventId === undefined || purchaseId === undefined || amount === undefined) return;
      return { eventId, kind: 'paid', purchaseId, amount: BigInt(amount) };
    },
  };
}

/** The text fields of a JSON object; none of anything else. */
function fieldsOf(text: string): Partial<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(text);
    const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(fields.filter(([, field]) => typeof field === 'string'));
  } catch {
    return {};
  }
}
