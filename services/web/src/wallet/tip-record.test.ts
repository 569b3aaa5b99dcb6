import { expect, test } from '@jest/globals';
import { tipEntry } from './tip-record.ts';

const tip = { id: 'tip_a', at: 1, amount: 50n, room: { slug: 'demo', title: 'Demo' }, item: 'Slow wave' };

test('a tip is held until the ledger has an end for it', () => {
  const states = (['sending', 'held', 'queued', 'running', 'paused'] as const).map(
    (stage) => tipEntry(tip, { stage, atMs: 1 }).state,
  );
  expect(states).toEqual(['sending', 'held', 'held', 'held', 'held']);
  const end = { atMs: 9, ranMs: 1_000 };
  expect(tipEntry(tip, { ...end, stage: 'partly', settled: 30n, returned: 20n })).toMatchObject({
    state: 'settled',
    result: 'partly',
    settled: 30n,
    returned: 20n,
  });
  expect(tipEntry(tip, { ...end, stage: 'expired', settled: 0n, returned: 50n }).state).toBe('returned');
});

test('a tip that may have been taken is not called failed', () => {
  const failed = { stage: 'failed', atMs: 9, code: 'x', title: 'No.' } as const;
  expect(tipEntry(tip, { ...failed, retry: true }).state).toBe('sending');
  expect(tipEntry(tip, { ...failed, retry: false }).state).toBe('failed');
});
