import { expect, test } from '@jest/globals';
import { closeSender, openSender } from './opaque-sender.ts';
import { makeSenderKeys, parseSenderKeys, rotateSenderKeys } from './sender-keys.ts';

const TIP = { tipId: 'tip_1', roomId: 'room_1' };

test('after a rotation the new key closes, and what the old one closed still opens', () => {
  const before = makeSenderKeys();
  const old = parseSenderKeys(before);
  if (!old) throw new Error('a file just made is one');
  const envelope = closeSender(old.current, { pseudonym: 'pn_1' }, TIP);
  const rotated = parseSenderKeys(rotateSenderKeys(before) ?? '');
  expect(rotated?.ring.size).toBe(2);
  expect(rotated?.current.keyId).not.toBe(old.current.keyId);
  expect(openSender(envelope, rotated?.ring ?? new Map(), TIP)).toEqual({ pseudonym: 'pn_1' });
});

test('a file is taken as it was made, and nothing else is', () => {
  const [key] = JSON.parse(makeSenderKeys());
  for (const text of [
    '',
    '{}',
    '[]',
    '[{}]',
    JSON.stringify([key, key]),
    JSON.stringify([{ ...key, key: 'short' }]),
  ])
    expect([parseSenderKeys(text), rotateSenderKeys(text)]).toEqual([undefined, undefined]);
});
