import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeStatement, type KeeperPin, toPin } from './keeper-pins.ts';

const key = (fill: number) => new Uint8Array(32).fill(fill);
const statement = fc.record({
  publicKey: fc.constantFrom(key(1), key(2)),
  number: fc.integer({ min: 1, max: 4 }),
  keyId: fc.constantFrom('a', 'b'),
});

test('only the keeper of before is believed, and its number never goes back or names two keys', () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 12 }), (statements) => {
      let pin: KeeperPin | undefined;
      const named = new Map<number, string>();
      for (const next of statements) {
        const judged = judgeStatement(pin, next);
        if (judged === 'first') expect(pin).toBeUndefined();
        if (judged !== 'first' && judged !== 'good') continue;
        const now = toPin(next);
        expect(now.publicKey).toBe(pin?.publicKey ?? now.publicKey);
        expect(now.number).toBeGreaterThanOrEqual(pin?.number ?? 1);
        expect(named.get(now.number) ?? now.keyId).toBe(now.keyId);
        named.set(now.number, now.keyId);
        pin = now;
      }
    }),
    { seed: 17, numRuns: 500 },
  );
});

test('what is wrong is told apart', () => {
  const pin = toPin({ publicKey: key(1), number: 3, keyId: 'a' });
  const judge = (publicKey: Uint8Array, number: number, keyId: string) =>
    judgeStatement(pin, { publicKey, number, keyId });
  expect(judgeStatement(undefined, { publicKey: key(1), number: 9, keyId: 'a' })).toBe('first');
  expect(judge(key(1), 3, 'a')).toBe('good');
  expect(judge(key(1), 4, 'b')).toBe('good');
  expect(judge(key(1), 2, 'a')).toBe('old');
  expect(judge(key(1), 3, 'b')).toBe('old');
  expect(judge(key(2), 9, 'a')).toBe('other_key');
});
