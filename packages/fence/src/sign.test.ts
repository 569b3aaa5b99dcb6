import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyFence } from '../testing/fence-arbitrary.ts';
import { compile } from './compile.ts';
import {
  type PolicyKeyRing,
  type PolicySigner,
  SIGNED_POLICY_BYTES_MAX,
  signPolicy,
  verifyPolicy,
} from './sign.ts';

const code = (name: string) => expect.objectContaining({ code: name });
const policy = compile(
  { rules: [{ effect: 'deny', kind: 'country', values: ['DE'] }], otherwise: 'allow', unknown: 'deny' },
  { roomId: 'room_1', version: 3 },
);

async function makeSigner(keyId: string) {
  const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('no pair');
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { signer: { keyId, privateKey: pair.privateKey }, publicKey };
}

let signer: PolicySigner;
let keys: PolicyKeyRing;
beforeAll(async () => {
  const made = await makeSigner('geofence-1');
  signer = made.signer;
  keys = new Map([['geofence-1', made.publicKey]]);
});

test('a signed policy comes back as it was, and is the same bytes each time', async () => {
  await fc.assert(
    fc.asyncProperty(anyFence, fc.integer({ min: 1 }), async (fence, version) => {
      const compiled = compile(fence, { roomId: 'room_1', version });
      const signed = await signPolicy(compiled, signer);
      expect(await verifyPolicy(signed, keys)).toEqual(compiled);
      expect(await signPolicy(compiled, signer)).toEqual(signed);
    }),
  );
});

test('any flipped bit is refused', async () => {
  const signed = await signPolicy(policy, signer);
  for (let bit = 0; bit < signed.length * 8; bit += 1) {
    const altered = Uint8Array.from(signed);
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await expect(verifyPolicy(altered, keys)).rejects.toHaveProperty('name', 'FenceError');
  }
});

test('a key that is not trusted, or does not match its id, is told apart', async () => {
  const other = await makeSigner('geofence-1');
  const signed = await signPolicy(policy, other.signer);
  await expect(verifyPolicy(signed, keys)).rejects.toEqual(code('bad_signature'));
  await expect(verifyPolicy(signed, new Map())).rejects.toEqual(code('unknown_key'));
});

test('while keys rotate both are trusted', async () => {
  const next = await makeSigner('geofence-2');
  const both: PolicyKeyRing = new Map([...keys, ['geofence-2', next.publicKey]]);
  expect(await verifyPolicy(await signPolicy(policy, signer), both)).toEqual(policy);
  expect(await verifyPolicy(await signPolicy(policy, next.signer), both)).toEqual(policy);
});

test('short, long and nameless ones are malformed', async () => {
  const signed = await signPolicy(policy, signer);
  for (const length of [0, 1, 10, 11, 75]) {
    await expect(verifyPolicy(signed.subarray(0, length), keys)).rejects.toEqual(code('malformed'));
  }
  await expect(verifyPolicy(new Uint8Array(SIGNED_POLICY_BYTES_MAX + 1), keys)).rejects.toEqual(
    code('malformed'),
  );
  await expect(signPolicy(policy, { ...signer, keyId: '' })).rejects.toEqual(code('malformed'));
});
