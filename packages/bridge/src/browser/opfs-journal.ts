import { compact, type JournalRecord, type JournalStore } from '../journal.ts';
import { decodeRecords, encodeRecord, JournalError } from '../journal-codec.ts';
import {
  type PrivateFile,
  type PrivateFolder,
  privateFolder,
  readText,
  rewriteText,
  type SyncFile,
  writeAll,
} from './private-files.ts';

export interface OpfsJournal extends JournalStore, Disposable {}

export interface OpfsJournalOptions {
  readonly folder?: PrivateFolder;
  /** Begin with an empty one, where what is kept cannot be read: a person's decision. */
  readonly anew?: boolean;
  /** Waits between the tries of a journal that is in use, in ms. */
  readonly waitsMs?: readonly number[];
}

/** Ends a draft: one without it was not written in full. */
const WHOLE = '{"k":"whole"}\n';
/** A tab that was just closed holds the file a little longer, a hanging Worker for 2 s after it was ended. */
const WAITS_MS: readonly number[] = [50, 100, 200, 400, 800, 800, 800, 800];

/**
 * A journal in the origin's private file system, for a bridge in a Worker: appended within the call, one JSON record a
 * line. A record is with the operating system before the device hears of it, so it survives the end of the tab and a
 * crash of it; after a loss of power the last ones may be gone, and then start deadlines keep old effects from running.
 * Nobody waits for the disk on `append`: a stop could come meanwhile. Compacted when opened.
 *
 * @throws JournalError `journal_in_use` when another tab's bridge has it, `journal_unreadable` when what it holds is
 *   not a journal
 */
export async function openOpfsJournal(
  roomId: string,
  options: OpfsJournalOptions = {},
): Promise<OpfsJournal> {
  const folder = options.folder ?? (await privateFolder());
  const name = `bridge-${roomId}.jsonl`;
  const file = await exclusively(
    await folder.getFileHandle(name, { create: true }),
    options.waitsMs ?? WAITS_MS,
  );
  try {
    const kept = (await readDraft(folder, `${name}.new`)) ?? readText(file);
    const records = options.anew === true ? [] : compact(decodeRecords(kept, "this room's journal"));
    await replace(folder, `${name}.new`, file, records);
    return appendTo(file, records);
  } catch (error) {
    file.close();
    throw error;
  }
}

function appendTo(file: SyncFile, records: readonly JournalRecord[]): OpfsJournal {
  const encoder = new TextEncoder();
  let size = file.getSize();
  let closed = false;
  return {
    records,
    append(record) {
      const bytes = encoder.encode(encodeRecord(record));
      writeAll(file, bytes, size);
      size += bytes.length;
    },
    [Symbol.dispose]() {
      if (closed) return;
      closed = true;
      file.flush();
      file.close();
    },
  };
}

async function exclusively(file: PrivateFile, waitsMs: readonly number[]): Promise<SyncFile> {
  for (const waitMs of [...waitsMs, undefined]) {
    try {
      return await file.createSyncAccessHandle();
    } catch (error) {
      if ((error as DOMException).name !== 'NoModificationAllowedError') throw error;
      if (waitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  throw new JournalError(
    'journal_in_use',
    'another tab or window runs the bridge of this room: close it, or go on there',
  );
}

/** What a compaction that was cut off had ready; undefined when there was none, or it was not whole. */
async function readDraft(folder: PrivateFolder, name: string): Promise<string | undefined> {
  let file: SyncFile;
  try {
    file = await (await folder.getFileHandle(name)).createSyncAccessHandle();
  } catch (error) {
    if ((error as DOMException).name === 'NotFoundError') return undefined;
    throw error;
  }
  try {
    const text = readText(file);
    return text.endsWith(WHOLE) ? text.slice(0, -WHOLE.length) : undefined;
  } finally {
    file.close();
  }
}

/** Whole or not at all: until the file has all of it, the draft beside it has. */
async function replace(
  folder: PrivateFolder,
  draftName: string,
  file: SyncFile,
  records: readonly JournalRecord[],
): Promise<void> {
  const text = records.map(encodeRecord).join('');
  const draft = await (await folder.getFileHandle(draftName, { create: true })).createSyncAccessHandle();
  try {
    rewriteText(draft, text + WHOLE);
  } finally {
    draft.close();
  }
  rewriteText(file, text);
  await folder.removeEntry(draftName);
}
