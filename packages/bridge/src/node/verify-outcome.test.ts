import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeOutcomeKey, type OutcomeBody, signOutcome, verifyOutcome } from '../outcome.ts';
import { readOutcome } from './verify-outcome.ts';

const BODY: OutcomeBody = {
  roomId: 'room_1',
  tipId: 'tip_1',
  result: 'partly',
  ranMs: 400,
  durationMs: 1_000,
  reason: 'permit',
  atServerMs: 1_700_000_000_000,
};

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));

test('reads what a bridge signed', async () => {
  const { body, signature, publicKey } = await signOutcome(await makeOutcomeKey(), BODY);
  const evidence = { body: bytes(body), signature: bytes(signature), publicKey: bytes(publicKey) };
  expect(readOutcome(evidence)).toEqual(BODY);
  expect(readOutcome(evidence)).toEqual(BODY);
});

test('says the same as the isomorphic half, whichever bit is wrong', async () => {
  const signed = await signOutcome(await makeOutcomeKey(), BODY);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('body', 'signature', 'publicKey'),
      fc.nat(2_000),
      async (part: 'body' | 'signature' | 'publicKey', at) => {
        const wrong = bytes(signed[part]);
        const index = at % wrong.length;
        wrong[index] = (wrong[index] ?? 0) ^ (1 << (at % 8));
        const changed = { ...signed, [part]: Buffer.from(wrong).toString('base64url') };
        const evidence = {
          body: bytes(changed.body),
          signature: bytes(changed.signature),
          publicKey: bytes(changed.publicKey),
        };
        expect(readOutcome(evidence)).toEqual(await verifyOutcome(changed));
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});
