import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { JournalError } from '../journal-codec.ts';
import { openFileJournal } from './file-journal.ts';

const BEGUN = { k: 'begun', tipId: 'tip_1', durationMs: 5 } as const;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nightjar-journal-'));
  file = path.join(folder, 'deep', 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a record is in the file when append returns', () => {
  using journal = openFileJournal(file);
  journal.append(BEGUN);
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(BEGUN)}\n`);
});

test('a last line that a crash tore off is no record, and what follows is', () => {
  openFileJournal(file)[Symbol.dispose]();
  appendFileSync(file, `${JSON.stringify(BEGUN)}\n{"k":"outco`);
  {
    using journal = openFileJournal(file);
    expect(journal.records[0]).toEqual(BEGUN);
    journal.append({ k: 'acked', tipId: 'tip_2' });
  }
  using again = openFileJournal(file);
  expect(again.records.map(({ k }) => k)).toEqual(['acked', 'begun', 'ran']);
});

test('an outcome that was refused for good is there again after a restart, and so marked', () => {
  const body = {
    roomId: 'room_1',
    tipId: 'tip_1',
    result: 'ran',
    ranMs: 5,
    durationMs: 5,
    atServerMs: 1,
  } as const;
  const records = [
    { k: 'outcome', body },
    { k: 'rejected', tipId: 'tip_1', code: 'outcome_invalid' },
  ] as const;
  {
    using journal = openFileJournal(file);
    for (const record of records) journal.append(record);
  }
  using again = openFileJournal(file);
  expect(again.records).toEqual(records);
});

test.each([
  'nonsense',
  '{"k":"begun"}',
  '{"k":"outcome","body":{}}',
  '{"k":"rejected","tipId":"tip_1"}',
  '{}',
])('a whole line of %s is refused', (line) => {
  openFileJournal(file)[Symbol.dispose]();
  writeFileSync(file, `${line}\n`);
  expect(() => openFileJournal(file)).toThrow(JournalError);
});

test('a lock of a dead process is taken over, that of a live one is not', () => {
  openFileJournal(file)[Symbol.dispose]();
  writeFileSync(`${file}.lock`, '999999999');
  openFileJournal(file)[Symbol.dispose]();
  writeFileSync(`${file}.lock`, '1');
  expect(() => openFileJournal(file)).toThrow(/process 1 has/);
});
