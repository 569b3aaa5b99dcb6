import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  makeOutcomeKey,
  type OutcomeBody,
  type OutcomeKey,
  outcomeBytes,
  parseOutcome,
  signOutcome,
  verifyOutcome,
} from './outcome.ts';

const BODY: OutcomeBody = {
  ...{ roomId: 'room_1', tipId: 'tip_1', result: 'partly', ranMs: 1_200, durationMs: 5_000 },
  ...{ reason: 'panic', atServerMs: 1_700_000_000_000 },
};

let key: OutcomeKey;
beforeAll(async () => {
  key = await makeOutcomeKey();
});

test('the canonical bytes are these, for ever', () => {
  expect(new TextDecoder().decode(outcomeBytes(BODY))).toBe(
    'nightjar.outcome.v1\n["room_1","tip_1","partly",1200,5000,"panic",1700000000000]',
  );
});

test('what was signed is read back; by its own key, and by a given one', async () => {
  const signed = await signOutcome(key, BODY);
  expect(await verifyOutcome(signed)).toEqual(BODY);
  expect(await verifyOutcome(signed, key.publicKey)).toEqual(BODY);
});

test('another key, another body, another signature, and any other encoding are refused', async () => {
  const signed = await signOutcome(key, BODY);
  const other = await makeOutcomeKey();
  const otherSigned = await signOutcome(other, { ...BODY, ranMs: 5 });
  for (const wrong of [
    { ...signed, body: otherSigned.body },
    { ...signed, signature: otherSigned.signature },
    { ...signed, publicKey: otherSigned.publicKey },
    { ...signed, body: `${signed.body}=` },
    { ...signed, signature: '' },
    { ...signed, publicKey: 'A'.repeat(43) },
  ]) {
    expect(await verifyOutcome(wrong)).toBeUndefined();
  }
  expect(await verifyOutcome(signed, other.publicKey)).toBeUndefined();
});

test('only the canonical form of a body is read', () => {
  const text = new TextDecoder().decode(outcomeBytes(BODY));
  for (const wrong of [
    text.replace('.v1', '.v2'),
    text.replace(',', ', '),
    text.replace('1200', '1200.0'),
    text.replace('"panic"', '"panic",1'),
    `${text} `,
    text.replace('1200', '5001'),
    text.replace('"partly"', '"ran"'),
    text.replace('"partly"', '"expired"'),
    text.replace('"partly"', '"paid"'),
  ]) {
    expect(parseOutcome(new TextEncoder().encode(wrong))).toBeUndefined();
  }
});

test('any outcome survives its bytes, and no two have the same', () => {
  const body = fc.record({
    roomId: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
    tipId: fc.string({ minLength: 1, maxLength: 40 }),
    result: fc.constant('partly' as const),
    ranMs: fc.nat(1_000),
    durationMs: fc.integer({ min: 1_000, max: 100_000 }),
    atServerMs: fc.nat(),
  });
  fc.assert(
    fc.property(body, body, (one, two) => {
      expect(parseOutcome(outcomeBytes(one))).toEqual(one);
      const same = JSON.stringify(one) === JSON.stringify(two);
      expect(Buffer.from(outcomeBytes(one)).equals(outcomeBytes(two))).toBe(same);
    }),
  );
});

test('an outcome that does not fit together is not signed', async () => {
  await expect(signOutcome(key, { ...BODY, ranMs: 6_000 })).rejects.toThrow(RangeError);
});
