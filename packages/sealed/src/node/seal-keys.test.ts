import { expect, test } from '@jest/globals';
import { parseSealKeys, rotateSealKeys, toSealKeys } from './seal-keys.ts';

test('a rotation publishes a key before it is used and opens with the one before', async () => {
  const first = await rotateSealKeys();
  const second = await rotateSealKeys(first);
  const third = await rotateSealKeys(second);
  expect(second.current).toEqual(first.next);
  expect(third.previous).toEqual(second.current);
  const { ring, published } = toSealKeys(second);
  expect([...ring.keys()].sort()).toEqual(
    [first.current, first.next, second.next].map((key) => key?.keyId).sort(),
  );
  expect(published).toEqual([
    { keyId: second.current.keyId, publicKey: second.current.publicKey, use: 'current' },
    { keyId: second.next?.keyId, publicKey: second.next?.publicKey, use: 'next' },
  ]);
});

test('a file is taken as it was made, and nothing else is', async () => {
  const keys = await rotateSealKeys();
  expect(parseSealKeys(JSON.stringify(keys))?.published).toHaveLength(2);
  const { privateKey, ...half } = keys.current;
  for (const text of [
    '',
    '{}',
    JSON.stringify({ ...keys, current: half }),
    JSON.stringify({ ...keys, current: { ...half, privateKey: privateKey.slice(1) } }),
    JSON.stringify({ ...keys, next: keys.current }),
    JSON.stringify({ ...keys, other: keys.current }),
  ])
    expect(parseSealKeys(text)).toBeUndefined();
});
