import { expect, test } from '@jest/globals';
import { toBase64Url } from '@nightjar/sealed/base64url';
import { exportSigningSeed } from '@nightjar/sealed/keys';
import { SECRET_BYTES } from './key-code.ts';
import { keepersOfSecret, keyOfKeepers, keyOfSecret, newSecret } from './key-secret.ts';

test('the same secret makes the same keys for ever, and each name another one', async () => {
  const secret = Uint8Array.from({ length: SECRET_BYTES }, (_, i) => i);
  const device = toBase64Url((await keyOfSecret(secret, 'device')).publicKey);
  const wallet = toBase64Url((await keyOfSecret(secret, 'wallet')).publicKey);
  const keepers = await keepersOfSecret(secret);
  const one = toBase64Url((await keyOfKeepers(keepers, 'keeper-1')).publicKey);
  const other = toBase64Url((await keyOfKeepers(keepers, 'keeper-2')).publicKey);
  expect(new Set([device, wallet, one, other]).size).toBe(4);
  // Who printed a code years ago still gets these.
  expect([device, wallet, one, other]).toMatchInlineSnapshot(`
[
  "SrqEJvot6YUYNHC0ltro7BMvcz6KfmvJ9GdK-AKSbL0",
  "FEvD-JWKHgeVRxHBpzdp_DeEhkwYa6u7yn9IPTOuJr4",
  "NcHB26zg6xx8wBYUzPuQecaAS8LRhdJ0jYx9ZZzzCnc",
  "6PoZqpJjv10F1sKB9m4OaRYjbeIFeEF3p5dsd0mCUO8",
]
`);
});

test('two secrets make two keys, and no key can be read out', async () => {
  const one = await keyOfSecret(newSecret(), 'device');
  const other = await keyOfSecret(newSecret(), 'device');
  expect(toBase64Url(one.publicKey)).not.toBe(toBase64Url(other.publicKey));
  await expect(exportSigningSeed(one.privateKey)).rejects.toThrow(
    expect.objectContaining({ code: 'not_extractable' }),
  );
});
