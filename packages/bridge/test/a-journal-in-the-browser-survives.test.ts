/** The journal in the origin's private files, over crashes at every step; the real files are in tests/pages. */
import { beforeEach, expect, test } from '@jest/globals';
import { openOpfsJournal } from '../src/browser/opfs-journal.ts';
import type { JournalRecord } from '../src/journal.ts';
import { JournalError } from '../src/journal-codec.ts';
import { CrashedError, MemoryFolder } from './support/private-folder.ts';

const FILE = 'bridge-room_1.jsonl';
const BEGUN = { k: 'begun', tipId: 'tip_1', durationMs: 5 } as const;
const REFUSED: readonly JournalRecord[] = [
  {
    k: 'outcome',
    body: { roomId: 'room_1', tipId: 'tip_2', result: 'ran', ranMs: 5, durationMs: 5, atServerMs: 1 },
  },
  { k: 'rejected', tipId: 'tip_2', code: 'outcome_invalid' },
];

let folder: MemoryFolder;
beforeEach(() => {
  folder = new MemoryFolder();
});

const open = (anew = false) => openOpfsJournal('room_1', { folder, anew, waitsMs: [1, 1] });

test('a record is in the file when append returns', async () => {
  using journal = await open();
  journal.append(BEGUN);
  expect(folder.text(FILE)).toBe(`${JSON.stringify(BEGUN)}\n`);
});

test('a last line that a crash tore off is no record, and what follows is', async () => {
  folder.put(FILE, `${JSON.stringify(BEGUN)}\n{"k":"outco`);
  {
    using journal = await open();
    expect(journal.records[0]).toEqual(BEGUN);
    journal.append({ k: 'acked', tipId: 'tip_2' });
  }
  using again = await open();
  expect(again.records.map(({ k }) => k)).toEqual(['acked', 'begun', 'ran']);
});

test('an outcome that was refused for good is there again after a restart, and so marked', async () => {
  {
    using journal = await open();
    for (const record of REFUSED) journal.append(record);
  }
  using again = await open();
  expect(again.records).toEqual(REFUSED);
});

test('one bridge at a time: another one is told, and may have it once the first is gone', async () => {
  {
    using _first = await open();
    await expect(open()).rejects.toMatchObject({ name: 'JournalError', code: 'journal_in_use' });
  }
  using again = await open();
  expect(again.records).toEqual([]);
});

test.each(['nonsense', '{"k":"begun"}', '{}'])(
  'a whole line of %s is refused, and may be left behind',
  async (line) => {
    folder.put(FILE, `${line}\n`);
    await expect(open()).rejects.toThrow(JournalError);
    using anew = await open(true);
    anew.append(BEGUN);
    expect(folder.text(FILE)).toBe(`${JSON.stringify(BEGUN)}\n`);
  },
);

test('whatever step a crash cuts off, no record is lost', async () => {
  const kept: readonly JournalRecord[] = [BEGUN, ...REFUSED, { k: 'acked', tipId: 'tip_3' }];
  const text = kept.map((record) => `${JSON.stringify(record)}\n`).join('');
  let crashes = 0;
  for (let callsLeft = 0; ; callsLeft += 1) {
    folder = new MemoryFolder();
    folder.put(FILE, text);
    folder.callsLeft = callsLeft;
    const opened = await open().catch((error: unknown) => error);
    folder.restart();
    using again = await open();
    expect(again.records.map((record) => JSON.stringify(record)).sort()).toEqual(
      [...kept, { k: 'ran', tipId: 'tip_1', ms: 0 }].map((record) => JSON.stringify(record)).sort(),
    );
    if (!(opened instanceof CrashedError)) break;
    crashes += 1;
  }
  // The draft's four calls, the journal's three, and the draft's end.
  expect(crashes).toBeGreaterThanOrEqual(7);
});
