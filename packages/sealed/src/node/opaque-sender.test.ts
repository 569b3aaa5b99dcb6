import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toBase64Url } from '../base64url.ts';
import { closeSender, openSender, senderKeyRing } from './opaque-sender.ts';

const code = (name: string) => expect.objectContaining({ code: name });
const key = { keyId: 'k1', key: randomBytes(32) };
const ring = senderKeyRing([key]);
const tip = { tipId: 'tip_1', roomId: 'room_1' };
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);

test('comes back as it was, at one length whatever is inside', () => {
  fc.assert(
    fc.property(id, id, id, (pseudonym, tipId, roomId) => {
      const envelope = closeSender(key, { pseudonym }, { tipId, roomId });
      expect(envelope.bytes.length).toBe(124);
      expect(openSender(envelope, ring, { tipId, roomId })).toEqual({ pseudonym });
    }),
  );
});

test('the same sender twice looks like two', () => {
  const sender = { pseudonym: 'viewer_1' };
  expect(closeSender(key, sender, tip).bytes).not.toBe(closeSender(key, sender, tip).bytes);
});

test('any flipped bit is refused', () => {
  const envelope = closeSender(key, { pseudonym: 'viewer_1' }, tip);
  const bytes = Buffer.from(envelope.bytes, 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const altered = Uint8Array.from(bytes);
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => openSender({ ...envelope, bytes: toBase64Url(altered) }, ring, tip)).toThrow(
      code('not_opened'),
    );
  }
});

test('an envelope cannot be put on another tip, room or key id', () => {
  const envelope = closeSender(key, { pseudonym: 'viewer_1' }, tip);
  const twice = senderKeyRing([key, { keyId: 'k2', key: key.key }]);
  expect(() => openSender(envelope, ring, { ...tip, tipId: 'tip_2' })).toThrow(code('not_opened'));
  expect(() => openSender(envelope, ring, { ...tip, roomId: 'room_2' })).toThrow(code('not_opened'));
  expect(() => openSender({ ...envelope, keyId: 'k2' }, twice, tip)).toThrow(code('not_opened'));
});

test('what is wrong with an envelope or a key is told apart', () => {
  const envelope = closeSender(key, { pseudonym: 'viewer_1' }, tip);
  expect(() => openSender({ ...envelope, keyId: 'k2' }, ring, tip)).toThrow(code('unknown_key'));
  expect(() => openSender({ ...envelope, scheme: 'x' }, ring, tip)).toThrow(code('wrong_scheme'));
  expect(() => openSender({ ...envelope, bytes: 'AAAA' }, ring, tip)).toThrow(code('malformed'));
  expect(() => senderKeyRing([key, key])).toThrow(code('malformed'));
  expect(() => closeSender({ ...key, key: randomBytes(31) }, { pseudonym: 'v' }, tip)).toThrow(
    code('malformed'),
  );
  expect(() => closeSender(key, { pseudonym: '' }, tip)).toThrow(code('malformed'));
});
