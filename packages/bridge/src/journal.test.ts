import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compact, Journal, type JournalRecord, memoryStore } from './journal.ts';
import type { OutcomeBody } from './outcome.ts';

const outcome = (tipId: string): OutcomeBody => ({
  ...{ roomId: 'room_1', tipId, result: 'ran', ranMs: 5, durationMs: 5, atServerMs: 1 },
});

test('what began is open until it has an outcome, and that is kept until it is acknowledged', () => {
  const journal = new Journal(memoryStore());
  journal.append({ k: 'begun', tipId: 'tip_1', durationMs: 5_000 });
  journal.append({ k: 'ran', tipId: 'tip_1', ms: 1_200 });
  expect(journal.open).toEqual([{ tipId: 'tip_1', durationMs: 5_000, ranMs: 1_200 }]);
  journal.append({ k: 'outcome', body: outcome('tip_1') });
  expect([journal.open, journal.unacked.length]).toEqual([[], 1]);
  journal.append({ k: 'acked', tipId: 'tip_1' });
  expect([journal.unacked, [...journal.known]]).toEqual([[], ['tip_1']]);
});

test('a record that could not be kept is not in the index either', () => {
  const journal = new Journal({
    records: [],
    append: () => {
      throw new Error('full');
    },
  });
  expect(() => journal.append({ k: 'begun', tipId: 'tip_1', durationMs: 1 })).toThrow('full');
  expect(journal.open).toEqual([]);
});

test('compacting changes nothing that can be asked', () => {
  const tipId = fc.integer({ min: 1, max: 6 }).map((n) => `tip_${n}`);
  const record: fc.Arbitrary<JournalRecord> = fc.oneof(
    tipId.map((id): JournalRecord => ({ k: 'begun', tipId: id, durationMs: 5 })),
    fc
      .tuple(tipId, fc.integer({ min: 0, max: 5 }))
      .map(([id, ms]): JournalRecord => ({ k: 'ran', tipId: id, ms })),
    tipId.map((id): JournalRecord => ({ k: 'outcome', body: outcome(id) })),
    tipId.map((id): JournalRecord => ({ k: 'acked', tipId: id })),
    tipId.map((id): JournalRecord => ({ k: 'rejected', tipId: id, code: 'outcome_invalid' })),
  );
  fc.assert(
    fc.property(fc.array(record), (records) => {
      const before = new Journal(memoryStore(records));
      const after = new Journal(memoryStore(compact(records)));
      const asked = ({ known, open, unacked, rejected }: Journal) => [
        [...known].sort(),
        open.toSorted((a, b) => a.tipId.localeCompare(b.tipId)),
        unacked.map(({ body }) => body.tipId).sort(),
        rejected.map(({ body, code }) => `${body.tipId} ${code}`).sort(),
      ];
      expect(asked(after)).toEqual(asked(before));
    }),
  );
});
