import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { openSeed, sealSeed } from './seal.ts';
import { parseSecretKey, parseSecretKeys } from './secret-keys.ts';

const [now, former, other] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const seed = randomBytes(32);

test('opens with the key that sealed it, the present one or a former one', () => {
  expect(openSeed([now], 'kid', sealSeed([now, former], 'kid', seed))).toEqual(seed);
  expect(openSeed([now, former], 'kid', sealSeed([former], 'kid', seed))).toEqual(seed);
});

test('opens neither with another key, nor as another row, nor changed', () => {
  const sealed = sealSeed([now], 'kid', seed);
  expect(openSeed([other], 'kid', sealed)).toBeUndefined();
  expect(openSeed([now], 'another', sealed)).toBeUndefined();
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(i) ^ 1, i);
    expect(openSeed([now], 'kid', changed)).toBeUndefined();
  }
  expect(openSeed([now], 'kid', sealed.subarray(0, 20))).toBeUndefined();
});

test('the same seed is never sealed to the same bytes', () => {
  expect(sealSeed([now], 'kid', seed)).not.toEqual(sealSeed([now], 'kid', seed));
});

test('key files hold 32 bytes in base64 or base64url, one a line', () => {
  expect(parseSecretKey(now.toString('base64'))).toEqual(now);
  expect(parseSecretKey(now.toString('base64url'))).toEqual(now);
  expect(parseSecretKeys(`${now.toString('base64')}\n${former.toString('base64')}\n`)).toEqual([now, former]);
  for (const text of ['', 'short', now.toString('hex'), `${now.toString('base64')}\nshort`])
    expect(parseSecretKeys(text)).toBeUndefined();
});
