import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { factsKeys, factsSigner, readFacts, signFacts } from './signed-facts.ts';

const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const facts = { edge: 'edge_1', address: '2001:db8::1', country: 'DE', asn: 7, anonymizer: false };

test('what one side signs the other reads', async () => {
  const header = await signFacts(facts, await factsSigner(`edge-1 ${d}\n`), 1_000);
  expect(header).toMatch(/^[\w-]+\.[\w-]+$/);
  expect(await readFacts(header, factsKeys(`# old\nedge-1 ${x}\n`), 2_000)).toEqual(facts);
});

test.each([61_000, 1e9, -60_001])('at %d ms it does not hold', async (nowMs) => {
  const header = await signFacts(facts, await factsSigner(`edge-1 ${d}`), 1_000);
  expect(await readFacts(header, factsKeys(`edge-1 ${x}`), nowMs)).toBeUndefined();
});

test('a file that is not one of keys is refused without quoting it', async () => {
  await expect(factsSigner('secret')).rejects.toThrow(/^a line of edge keys is an id/);
  await expect(factsSigner('')).rejects.toThrow(RangeError);
  expect(() => factsKeys('secret')).toThrow(/^a line of edge keys is an id/);
  expect(() => factsKeys(`edge-1 ${x}\nedge-1 ${x}`)).toThrow('two edge keys with one id');
  expect(factsKeys('').size).toBe(0);
});
