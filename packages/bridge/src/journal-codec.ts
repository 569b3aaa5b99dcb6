/** A journal as text: one JSON record a line. Shared by every store that keeps one. */
import type { JournalRecord } from './journal.ts';
import { isOutcomeBody } from './outcome.ts';

/** The journal is in use, or cannot be read. The message says what to do. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code: 'journal_in_use' | 'journal_unreadable';

  constructor(code: JournalError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export function encodeRecord(record: JournalRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/**
 * Reads a journal back.
 * @param where what the journal is called, for the error
 * @throws JournalError `journal_unreadable` when a whole line is not a record
 */
export function decodeRecords(text: string, where: string): JournalRecord[] {
  const lines = text.split('\n');
  // What a crash tore off is the end of the last line, which nothing was done after.
  lines.pop();
  return lines.map((line, i) => {
    const record = parse(line);
    if (record === undefined)
      throw new JournalError(
        'journal_unreadable',
        `line ${i + 1} of ${where} is not a record: move the file away`,
      );
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
