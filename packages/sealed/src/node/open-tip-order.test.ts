import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toBase64Url } from '../base64url.ts';
import { generateSigningKeyPair, type SigningKeyPair } from '../keys.ts';
import { generateRecipientKeyPair } from '../recipient-keys.ts';
import { sealTipOrder } from '../seal-tip-order.ts';
import type { SealedPayload } from '../sealed-payload.ts';
import { signTipOrder, TIP_AMOUNT_MAX, type TipOrder } from '../tip-order.ts';
import { openTipOrder, type TipOrderKeyRing, tipOrderKeyRing, verifyTipOrder } from './open-tip-order.ts';

const code = (name: string) => expect.objectContaining({ code: name });
const order: TipOrder = {
  tipId: 'tip_1',
  roomId: 'room_1',
  walletId: 'wallet_1',
  amount: 25n,
  expiresAt: 1_800_000_000_000,
};

let wallet: SigningKeyPair;
let payments: { privateKey: Uint8Array; publicKey: Uint8Array };
let ring: TipOrderKeyRing;
let signed: Uint8Array;
let sealed: SealedPayload;

beforeAll(async () => {
  wallet = await generateSigningKeyPair({ extractable: false });
  payments = await generateRecipientKeyPair();
  ring = tipOrderKeyRing([{ keyId: 'k1', privateKey: payments.privateKey }]);
  signed = await signTipOrder(order, wallet.privateKey);
  sealed = await sealTipOrder(signed, { keyId: 'k1', publicKey: payments.publicKey });
});

const bytesOf = (payload: SealedPayload) => new Uint8Array(Buffer.from(payload.bytes, 'base64url'));

test('payments opens and verifies what a wallet signed', () => {
  const opened = openTipOrder(sealed, ring, order);
  expect(opened.order).toEqual(order);
  expect(() => verifyTipOrder(opened, wallet.publicKey)).not.toThrow();
});

test("the ciphertext's length tells neither amount nor item", async () => {
  const longest = { ...order, tipId: 't'.repeat(64), roomId: 'r'.repeat(64), walletId: 'w'.repeat(64) };
  const variants: TipOrder[] = [
    { ...order, amount: 1n },
    { ...order, amount: TIP_AMOUNT_MAX, itemId: 'item_1' },
    { ...longest, amount: TIP_AMOUNT_MAX, itemId: 'i'.repeat(64) },
  ];
  for (const variant of variants) {
    const payload = await sealTipOrder(await signTipOrder(variant, wallet.privateKey), {
      keyId: 'k1',
      publicKey: payments.publicKey,
    });
    expect(payload.bytes.length).toBe(sealed.bytes.length);
    expect(openTipOrder(payload, ring, variant).order).toEqual(variant);
  }
});

test('the same order sealed twice looks like two', async () => {
  const again = await sealTipOrder(signed, { keyId: 'k1', publicKey: payments.publicKey });
  expect(again.bytes.slice(0, 40)).not.toBe(sealed.bytes.slice(0, 40));
});

test('any flipped bit of the ciphertext is refused', () => {
  const bytes = bytesOf(sealed);
  fc.assert(
    fc.property(fc.nat({ max: bytes.length * 8 - 1 }), (bit) => {
      const altered = Uint8Array.from(bytes);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openTipOrder({ ...sealed, bytes: toBase64Url(altered) }, ring, order)).toThrow(
        code('not_opened'),
      );
    }),
    { numRuns: 500 },
  );
});

test('opens for its own tip and room only', () => {
  expect(() => openTipOrder(sealed, ring, { tipId: 'tip_2', roomId: 'room_1' })).toThrow(code('not_opened'));
  expect(() => openTipOrder(sealed, ring, { tipId: 'tip_1', roomId: 'room_2' })).toThrow(code('not_opened'));
  expect(() => openTipOrder(sealed, ring, { tipId: 'tip_1r', roomId: 'oom_1' })).toThrow(code('not_opened'));
});

test('any flipped bit of order or signature is refused', () => {
  const opened = openTipOrder(sealed, ring, order);
  for (const part of ['message', 'signature'] as const) {
    for (let bit = 0; bit < opened[part].length * 8; bit += 1) {
      const altered = Uint8Array.from(opened[part]);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => verifyTipOrder({ ...opened, [part]: altered }, wallet.publicKey)).toThrow(
        code('bad_signature'),
      );
    }
  }
});

test('another wallet did not sign it', async () => {
  const other = await generateSigningKeyPair({ extractable: false });
  const opened = openTipOrder(sealed, ring, order);
  expect(() => verifyTipOrder(opened, other.publicKey)).toThrow(code('bad_signature'));
  expect(() => verifyTipOrder(opened, other.publicKey.subarray(1))).toThrow(code('malformed'));
});

test('while keys rotate the ring opens the old and the new, and a retired key is named as unknown', async () => {
  const next = await generateRecipientKeyPair();
  const newer = await sealTipOrder(signed, { keyId: 'k2', publicKey: next.publicKey });
  const both = tipOrderKeyRing([
    { keyId: 'k1', privateKey: payments.privateKey },
    { keyId: 'k2', privateKey: next.privateKey },
  ]);
  expect(openTipOrder(sealed, both, order).order).toEqual(order);
  expect(openTipOrder(newer, both, order).order).toEqual(order);
  expect(() => openTipOrder(newer, ring, order)).toThrow(code('unknown_key'));
  expect(() => openTipOrder({ ...sealed, keyId: 'k2' }, both, order)).toThrow(code('not_opened'));
});

test('one key under two ids opens only under the id it was sealed for', () => {
  const twice = tipOrderKeyRing([
    { keyId: 'k1', privateKey: payments.privateKey },
    { keyId: 'k9', privateKey: payments.privateKey },
  ]);
  expect(() => openTipOrder({ ...sealed, keyId: 'k9' }, twice, order)).toThrow(code('not_opened'));
});

test('wrong scheme, wrong length, double ids and keys that are none are told apart', () => {
  expect(() => openTipOrder({ ...sealed, scheme: 'x' }, ring, order)).toThrow(code('wrong_scheme'));
  expect(() => openTipOrder({ ...sealed, bytes: sealed.bytes.slice(4) }, ring, order)).toThrow(
    code('malformed'),
  );
  const key = { keyId: 'k1', privateKey: payments.privateKey };
  expect(() => tipOrderKeyRing([key, key])).toThrow(code('malformed'));
  expect(() => tipOrderKeyRing([{ keyId: 'k1', privateKey: new Uint8Array(31) }])).toThrow(code('malformed'));
});

test('what is no signed order is not sealed', async () => {
  const recipient = { keyId: 'k1', publicKey: payments.publicKey };
  await expect(sealTipOrder(signed.subarray(1), recipient)).rejects.toEqual(code('malformed'));
  await expect(sealTipOrder(signed, { ...recipient, publicKey: new Uint8Array(31) })).rejects.toEqual(
    code('malformed'),
  );
});
