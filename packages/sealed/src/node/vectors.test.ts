import { readFileSync } from 'node:fs';
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { expect, test } from '@jest/globals';
import { importSigningKeyPair } from '../keys.ts';
import { checkProof, makeProof } from '../request-proof.ts';
import { PADDED_TIP_ORDER_BYTES, tipOrderInfo } from '../seal-tip-order.ts';
import type { SealedPayload } from '../sealed-payload.ts';
import { encodeTipContext } from '../tip-context.ts';
import { encodeTipOrder, signTipOrder, type TipOrder } from '../tip-order.ts';
import { openTipOrder, tipOrderKeyRing, verifyTipOrder } from './open-tip-order.ts';

// The committed vectors are what other clients conform to: if one of these tests fails, the format changed.

interface TipOrderVectors {
  wallet: { seed: string; publicKey: string };
  recipient: { keyId: string; privateKey: string; publicKey: string };
  cases: {
    order: Omit<TipOrder, 'amount'> & { amount: string };
    message: string;
    signature: string;
    info: string;
    aad: string;
    ikmE: string;
    sealed: SealedPayload;
  }[];
}

interface ProofVectors {
  wallet: { seed: string; publicKey: string };
  cases: {
    request: { method: string; path: string; body: string };
    now: number;
    jti: string;
    maxAgeMs: number;
    proof: string;
    outcome: string;
  }[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));
const tips = read('tip-order') as TipOrderVectors;
const proofs = read('request-proof') as ProofVectors;
const unhex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test.each(tips.cases)('tip order $order.tipId is encoded, signed and opened as committed', async (vector) => {
  const order: TipOrder = { ...vector.order, amount: BigInt(vector.order.amount) };
  const wallet = await importSigningKeyPair(unhex(tips.wallet.seed), { extractable: false });
  expect(hex(wallet.publicKey)).toBe(tips.wallet.publicKey);
  expect(hex(encodeTipOrder(order))).toBe(vector.message);
  expect(hex(await signTipOrder(order, wallet.privateKey))).toBe(vector.message + vector.signature);
  expect(hex(tipOrderInfo(tips.recipient.keyId))).toBe(vector.info);
  expect(hex(encodeTipContext(order))).toBe(vector.aad);

  const ring = tipOrderKeyRing([
    { keyId: tips.recipient.keyId, privateKey: unhex(tips.recipient.privateKey) },
  ]);
  const opened = openTipOrder(vector.sealed, ring, order);
  expect(opened.order).toEqual(order);
  verifyTipOrder(opened, unhex(tips.wallet.publicKey));
});

test.each(tips.cases)(
  'tip order $order.tipId is sealed as committed from its ephemeral key',
  async (vector) => {
    const suite = new CipherSuite({
      kem: new DhkemX25519HkdfSha256(),
      kdf: new HkdfSha256(),
      aead: new Aes128Gcm(),
    });
    const sender = await suite.createSenderContext({
      recipientPublicKey: await suite.kem.importKey('raw', unhex(tips.recipient.publicKey).buffer, true),
      info: unhex(vector.info),
      ekm: unhex(vector.ikmE),
    });
    const padded = new Uint8Array(PADDED_TIP_ORDER_BYTES);
    padded.set(unhex(vector.message + vector.signature));
    const sealed = [
      ...new Uint8Array(sender.enc),
      ...new Uint8Array(await sender.seal(padded, unhex(vector.aad))),
    ];
    expect(Buffer.from(sealed).toString('base64url')).toBe(vector.sealed.bytes);
  },
);

test.each(proofs.cases)('proof $# is $outcome', async ({ request, now, jti, maxAgeMs, proof, outcome }) => {
  const proven = { ...request, body: new TextEncoder().encode(request.body) };
  const checked = checkProof(proof, { ...proven, now, maxAgeMs });
  if (outcome !== 'good') {
    await expect(checked).rejects.toEqual(expect.objectContaining({ code: outcome }));
    return;
  }
  const wallet = await importSigningKeyPair(unhex(proofs.wallet.seed), { extractable: false });
  expect(await makeProof(wallet, proven, { now, jti })).toBe(proof);
  const { publicKeyRaw, jti: checkedJti } = await checked;
  expect(hex(publicKeyRaw)).toBe(proofs.wallet.publicKey);
  expect(checkedJti).toBe(jti);
});
