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
import { isOutcomeBody } from '../outcome.ts';

export interface FileJournal extends JournalStore, Disposable {}

/** The journal is in use, or cannot be read. The message says what to do. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

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
    const records = compact(read(file));
    rewrite(file, records);
    const handle = openSync(file, 'a', 0o600);
    return {
      records,
      append(record) {
        writeSync(handle, `${JSON.stringify(record)}\n`);
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

function read(file: string): JournalRecord[] {
  const lines = readIfThere(file).split('\n');
  // What a crash tore off is the end of the last line, which nothing was done after.
  lines.pop();
  return lines.map((line, i) => {
    const record = parse(line);
    if (record === undefined)
      throw new JournalError(`line ${i + 1} of ${file} is not a record: move the file away`);
    return record;
  });
}

function parse(line: string): JournalRecord | undefined {
  try {
    const record = JSON.parse(line) as JournalRecord;
    switch (record.k) {
      case 'begun':
        return isId(record.tipId) && Number.isFinite(record.durationMs) ? record : undefined;
      case 'ran':
        return isId(record.tipId) && Number.isFinite(record.ms) ? record : undefined;
      case 'outcome':
        return isOutcomeBody(record.body) ? record : undefined;
      case 'acked':
        return isId(record.tipId) ? record : undefined;
      case 'rejected':
        return isId(record.tipId) && isId(record.code) ? record : undefined;
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Whole or not at all: the old file stays until the new one is on the disk. */
function rewrite(file: string, records: readonly JournalRecord[]): void {
  const draft = `${file}.new`;
  const handle = openSync(draft, 'w', 0o600);
  writeSync(handle, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
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
        throw new JournalError(`process ${holder} has this room's journal (${file})`);
      rmSync(file, { force: true });
    }
  }
  throw new JournalError(`the journal cannot be locked (${file})`);
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
