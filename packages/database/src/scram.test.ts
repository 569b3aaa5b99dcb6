import { createHash, createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { isPreparedPassword, scramVerifier } from './scram.ts';

test("a verifier fits RFC 7677's example: it knows the client by its proof, and makes the server's signature", () => {
  const nonce = 'rOprNGfwEbeRWgbNEkqO';
  const both = `${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0`;
  const salt = 'W22ZaJ0SNY7soEsUEjb6gQ==';
  const said = `n=user,r=${nonce},r=${both},s=${salt},i=4096,c=biws,r=${both}`;
  const verifier = scramVerifier('pencil', Buffer.from(salt, 'base64'));
  const [, storedKey = '', serverKey = ''] =
    /^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$([^:]{44}):(.{44})$/.exec(verifier) ?? [];
  const signature = (key: string) => createHmac('sha256', Buffer.from(key, 'base64')).update(said).digest();
  expect(signature(serverKey).toString('base64')).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  const proof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64');
  const clientKey = signature(storedKey).map((byte, i) => byte ^ (proof[i] ?? 0));
  expect(createHash('sha256').update(clientKey).digest('base64')).toBe(storedKey);
});

test('each time with another salt', () => {
  expect(scramVerifier('same')).not.toBe(scramVerifier('same'));
});

test.each(['', 'pässword', 'with\u00a0space', 'line\n'])('%j would have to be prepared first', (password) => {
  expect(isPreparedPassword(password)).toBe(false);
});
