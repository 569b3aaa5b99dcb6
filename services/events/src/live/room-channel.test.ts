import { expect, test } from '@jest/globals';
import { CHANNEL_MESSAGE_CHARACTERS_MAX } from '../limits.ts';
import { keyAskedMessage, keysMessage, readChannel } from './room-channel.ts';

const sealed = { scheme: 's', keyId: 'k', bytes: 'AAAA' };

test('what one pod says the others hear', () => {
  const asked = { ref: 'r', from: 'pn_1', request: sealed };
  expect(readChannel(keyAskedMessage(asked))).toEqual({ is: 'key-asked', asked });
  const keys = [
    { to: 'r', key: sealed },
    { to: 'q', key: sealed },
  ];
  expect(readChannel(keysMessage(keys))).toEqual({ is: 'keys', keys });
  expect(readChannel('p 12')).toEqual({ is: 'presence', viewers: 12 });
  const entry = '{"at":"","kind":"chat"}';
  expect(readChannel(`e an-epoch 7 ${entry}`)).toEqual({ is: 'entry', epoch: 'an-epoch', offset: 7, entry });
});

test.each([
  '',
  'p many',
  'e epoch',
  'e epoch x {}',
  'a {',
  'a null',
  'a {"ref":"r"}',
  'a {"ref":"r","from":1,"request":{"scheme":"s","keyId":"k","bytes":"A"}}',
  'k {}',
  'k [{"to":"r"}]',
  'k [{"to":"r","key":{"scheme":"s","keyId":"k","bytes":1}}]',
  'z of a later version',
  `k ${' '.repeat(CHANNEL_MESSAGE_CHARACTERS_MAX)}[]`,
])('what is not of its form is passed over: %.40s', (message) => {
  expect(readChannel(message)).toBeUndefined();
});
