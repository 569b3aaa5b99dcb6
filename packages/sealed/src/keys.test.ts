import { expect, test } from '@jest/globals';
import {
  exportSigningSeed,
  generateSigningKeyPair,
  importSigningKeyPair,
  sign,
  toPublicJwk,
  verify,
} from './keys.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

// RFC 8032 section 7.1, TEST 3.
const SEED = hex('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7');
const PUBLIC = hex('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025');
const SIGNATURE = hex(
  '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
);

test('follows RFC 8032', async () => {
  const pair = await importSigningKeyPair(SEED, { extractable: false });
  expect([...pair.publicKey]).toEqual([...PUBLIC]);
  expect([...(await sign(pair.privateKey, hex('af82')))]).toEqual([...SIGNATURE]);
  expect(await verify(PUBLIC, hex('af82'), SIGNATURE)).toBe(true);
  expect(await verify(PUBLIC, hex('af83'), SIGNATURE)).toBe(false);
  expect(await verify(PUBLIC, hex('af82'), SIGNATURE.subarray(1))).toBe(false);
});

test('a seed leaves and comes back only where that was chosen', async () => {
  const pair = await generateSigningKeyPair({ extractable: true });
  const seed = await exportSigningSeed(pair.privateKey);
  const again = await importSigningKeyPair(seed, { extractable: false });
  expect([...again.publicKey]).toEqual([...pair.publicKey]);
  const notExtractable = expect.objectContaining({ code: 'not_extractable' });
  await expect(exportSigningSeed(again.privateKey)).rejects.toEqual(notExtractable);
  const inside = await generateSigningKeyPair({ extractable: false });
  await expect(exportSigningSeed(inside.privateKey)).rejects.toEqual(notExtractable);
});

test('keys of another length are refused', async () => {
  const malformed = expect.objectContaining({ code: 'malformed' });
  await expect(importSigningKeyPair(SEED.subarray(1), { extractable: false })).rejects.toEqual(malformed);
  await expect(verify(PUBLIC.subarray(1), PUBLIC, SIGNATURE)).rejects.toEqual(malformed);
  expect(() => toPublicJwk(SIGNATURE)).toThrow(malformed);
});
