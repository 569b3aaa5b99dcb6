import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toBase64Url } from './base64url.ts';
import { generateSigningKeyPair, type SigningKeyPair, sign, toPublicJwk } from './keys.ts';
import { checkProof, makeProof, PROOF_CHARS_MAX, PROOF_SKEW_MS_MAX, PROOF_TYPE } from './request-proof.ts';

const code = (name: string) => expect.objectContaining({ code: name });
const now = 1_800_000_000_123;
const request = {
  method: 'POST',
  path: '/v1/wallets/wallet_1/deposits?dry=1',
  body: new TextEncoder().encode('{"amount":"5"}'),
};
const expected = { ...request, now, maxAgeMs: 60_000 };

let wallet: SigningKeyPair;
let proof: string;
beforeAll(async () => {
  wallet = await generateSigningKeyPair({ extractable: false });
  proof = await makeProof(wallet, request, { now });
});

/** A proof signed well, with whatever header and claims. */
async function forge(header: unknown, claims: unknown): Promise<string> {
  const part = (value: unknown) => toBase64Url(new TextEncoder().encode(JSON.stringify(value)));
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${toBase64Url(await sign(wallet.privateKey, new TextEncoder().encode(input)))}`;
}
const partsOf = (text: string) =>
  text
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));

test('shows which key sent the request, and until when', async () => {
  const checked = await checkProof(proof, expected);
  expect([...checked.publicKeyRaw]).toEqual([...wallet.publicKey]);
  expect(checked.jti).toMatch(/^[\w-]{22}$/);
  expect(checked.expiresAt).toBe(1_800_000_060_000);
});

test('any request comes through, and no other passes with its proof', async () => {
  const anyRequest = fc.record({
    method: fc.constantFrom('GET', 'POST', 'DELETE'),
    path: fc.webPath().map((path) => `/${path}`),
    body: fc.uint8Array({ maxLength: 50 }),
  });
  await fc.assert(
    fc.asyncProperty(anyRequest, anyRequest, async (a, b) => {
      const made = await makeProof(wallet, a, { now });
      await checkProof(made, { ...expected, ...a });
      const same = a.method === b.method && a.path === b.path && Buffer.from(a.body).equals(b.body);
      if (!same) {
        await expect(checkProof(made, { ...expected, ...b })).rejects.toEqual(code('wrong_request'));
      }
    }),
  );
});

test('no character of a proof can be changed', async () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=';
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: proof.length - 1 }), fc.constantFrom(...alphabet), async (at, other) => {
      fc.pre(proof[at] !== other);
      const altered = proof.slice(0, at) + other + proof.slice(at + 1);
      await expect(checkProof(altered, expected)).rejects.toHaveProperty('name', 'SealedError');
    }),
    { numRuns: 500 },
  );
});

test('is good for its time only', async () => {
  const issuedAt = 1_800_000_000_000;
  await checkProof(proof, { ...expected, now: issuedAt + 60_000 });
  await expect(checkProof(proof, { ...expected, now: issuedAt + 60_001 })).rejects.toEqual(code('stale'));
  await checkProof(proof, { ...expected, now: issuedAt - PROOF_SKEW_MS_MAX });
  await expect(checkProof(proof, { ...expected, now: issuedAt - PROOF_SKEW_MS_MAX - 1 })).rejects.toEqual(
    code('stale'),
  );
});

test('the key in the header is the one that must have signed', async () => {
  const other = await generateSigningKeyPair({ extractable: false });
  const [, claims] = partsOf(proof);
  const header = { typ: PROOF_TYPE, alg: 'EdDSA', jwk: toPublicJwk(other.publicKey) };
  await expect(checkProof(await forge(header, claims), expected)).rejects.toEqual(code('bad_signature'));
});

test('a header that says more or else than a proof does is refused', async () => {
  const [header, claims] = partsOf(proof);
  const wrong = [
    { ...header, typ: 'JWT' },
    { ...header, alg: 'none' },
    { ...header, alg: 'HS256' },
    { ...header, crit: ['exp'] },
    { ...header, kid: 'k' },
    { ...header, jwk: { ...header.jwk, d: 'AA' } },
    { ...header, jwk: { ...header.jwk, crv: 'X25519' } },
    { ...header, jwk: { ...header.jwk, x: 'AAAA' } },
    { ...header, jwk: null },
    [],
    'text',
  ];
  for (const bad of wrong) {
    await expect(checkProof(await forge(bad, claims), expected)).rejects.toEqual(code('malformed'));
  }
});

test('claims that are missing or of another kind are refused', async () => {
  const [header, claims] = partsOf(proof);
  const wrong = [
    { ...claims, iat: '1800000000' },
    { ...claims, iat: 1.5 },
    { ...claims, jti: 'short' },
    { ...claims, jti: undefined },
    { ...claims, bh: undefined },
    { ...claims, htm: undefined },
    { ...claims, htu: 7 },
  ];
  for (const bad of wrong) {
    await expect(checkProof(await forge(header, bad), expected)).rejects.toEqual(code('malformed'));
  }
});

test.each([[''], ['.'], ['..'], ['a.b.c.d'], ['A'.repeat(PROOF_CHARS_MAX + 1)]])(
  '%j is no proof',
  async (text) => {
    await expect(checkProof(text, expected)).rejects.toEqual(code('malformed'));
    await expect(checkProof(`${proof}.AA`, expected)).rejects.toEqual(code('malformed'));
  },
);

test('is not made for a method in lower case or a whole URL', async () => {
  await expect(makeProof(wallet, { ...request, method: 'post' }, { now })).rejects.toEqual(code('malformed'));
  await expect(makeProof(wallet, { ...request, path: 'https://a/' }, { now })).rejects.toEqual(
    code('malformed'),
  );
});
