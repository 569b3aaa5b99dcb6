import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { compact, type JournalRecord, type JournalStore } from '../journal.ts';
import { decodeRecords, encodeRecord, JournalError } from '../journal-codec.ts';

export interface FileJournal extends JournalStore, Disposable {}

/**
 * A journal in a file: one JSON record a line, appended. A record is with the operating system before the device
 * hears of it, so it survives the end of this process, SIGKILL included; after a loss of power the last ones may be
 * gone, and then start deadlines keep old effects from running. Compacted when opened.
 *
 * @throws JournalError when another process has it, or when what it holds is not a journal
 */
export function openFileJournal(file: string): FileJournal {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const unlock = lock(`${file}.lock`);
  try {
    const records = compact(decodeRecords(readIfThere(file), file));
    rewrite(file, records);
    const handle = openSync(file, 'a', 0o600);
    return {
      records,
      append(record) {
        writeSync(handle, encodeRecord(record));
      },
      [Symbol.dispose]() {
        closeSync(handle);
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Whole or not at all: the old file stays until the new one is on the disk. */
function rewrite(file: string, records: readonly JournalRecord[]): void {
  const draft = `${file}.new`;
  const handle = openSync(draft, 'w', 0o600);
  writeSync(handle, records.map(encodeRecord).join(''));
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, file);
}

/** Two bridges with one journal would not know of each other's effects. A lock of a dead process counts for nothing. */
function lock(file: string): () => void {
  for (const again of [true, false]) {
    try {
      writeFileSync(file, `${process.pid}`, { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(readIfThere(file));
      if (!again || isAlive(holder))
        throw new JournalError('journal_in_use', `process ${holder} has this room's journal (${file})`);
      rmSync(file, { force: true });
    }
  }
  throw new JournalError('journal_in_use', `the journal cannot be locked (${file})`);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '';
  }
}
