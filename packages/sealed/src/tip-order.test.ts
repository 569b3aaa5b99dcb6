import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { generateSigningKeyPair, type SigningKeyPair } from './keys.ts';
import {
  decodeSignedTipOrder,
  EXPIRES_AT_MAX,
  encodeTipOrder,
  signTipOrder,
  TIP_AMOUNT_MAX,
  type TipOrder,
} from './tip-order.ts';

const malformed = expect.objectContaining({ code: 'malformed' });
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const anyOrder: fc.Arbitrary<TipOrder> = fc.record(
  {
    tipId: id,
    roomId: id,
    walletId: id,
    itemId: id,
    amount: fc.bigInt({ min: 1n, max: TIP_AMOUNT_MAX }),
    expiresAt: fc.integer({ min: 1, max: EXPIRES_AT_MAX }),
  },
  { requiredKeys: ['tipId', 'roomId', 'walletId', 'amount', 'expiresAt'] },
);

let wallet: SigningKeyPair;
beforeAll(async () => {
  wallet = await generateSigningKeyPair({ extractable: false });
});

test('an order comes back as it was, padded or not', async () => {
  await fc.assert(
    fc.asyncProperty(anyOrder, fc.nat({ max: 50 }), async (order, padding) => {
      const signed = await signTipOrder(order, wallet.privateKey);
      const padded = new Uint8Array(signed.length + padding);
      padded.set(signed);
      const read = decodeSignedTipOrder(padded);
      expect(read.order).toEqual(order);
      expect([...read.message, ...read.signature]).toEqual([...signed]);
    }),
  );
});

test('two orders never share an encoding, though their texts run together alike', () => {
  const few = fc.constantFrom('a', 'aa', 'aaa', '1', '11');
  const similar = fc.record(
    {
      tipId: few,
      roomId: few,
      walletId: few,
      itemId: few,
      amount: fc.constantFrom(1n, 256n),
      expiresAt: fc.constantFrom(1, 256),
    },
    { requiredKeys: ['tipId', 'roomId', 'walletId', 'amount', 'expiresAt'] },
  );
  fc.assert(
    fc.property(similar, similar, (a, b) => {
      const same = Buffer.from(encodeTipOrder(a)).equals(encodeTipOrder(b));
      const text = (order: Omit<TipOrder, 'amount'>) =>
        JSON.stringify([order.tipId, order.roomId, order.walletId, order.itemId, order.expiresAt]);
      expect(same).toBe(text(a) === text(b) && a.amount === b.amount);
    }),
    { numRuns: 2000 },
  );
});

test('whatever is read encodes to the very bytes it was read from', () => {
  const valid = encodeTipOrder({ tipId: 't', roomId: 'r', walletId: 'w', amount: 5n, expiresAt: 9 });
  fc.assert(
    fc.property(fc.nat({ max: valid.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
      const bytes = new Uint8Array(valid.length + 64);
      bytes.set(valid);
      bytes[at] = byte;
      let read: ReturnType<typeof decodeSignedTipOrder>;
      try {
        read = decodeSignedTipOrder(bytes);
      } catch (error) {
        expect(error).toEqual(malformed);
        return;
      }
      expect([...encodeTipOrder(read.order)]).toEqual([...read.message]);
    }),
    { numRuns: 2000 },
  );
});

test('a cut order is refused at every length', async () => {
  const order = { tipId: 't', roomId: 'r', walletId: 'w', itemId: 'i', amount: 5n, expiresAt: 9 };
  const signed = await signTipOrder(order, wallet.privateKey);
  for (let length = 0; length < signed.length; length += 1) {
    expect(() => decodeSignedTipOrder(signed.subarray(0, length))).toThrow(malformed);
  }
  expect(() => decodeSignedTipOrder(Uint8Array.of(...signed, 0, 1))).toThrow(malformed);
});

test.each([
  { amount: 0n },
  { amount: -1n },
  { amount: TIP_AMOUNT_MAX + 1n },
  { expiresAt: 0 },
  { expiresAt: 1.5 },
  { expiresAt: Number.NaN },
  { expiresAt: EXPIRES_AT_MAX + 1 },
  { tipId: '' },
  { roomId: 'r'.repeat(65) },
  { walletId: 'w\0' },
  { itemId: '' },
  { itemId: 'ä' },
])('refuses to encode %p', (wrong) => {
  const order = { tipId: 't', roomId: 'r', walletId: 'w', amount: 5n, expiresAt: 9, ...wrong };
  expect(() => encodeTipOrder(order)).toThrow(malformed);
});
