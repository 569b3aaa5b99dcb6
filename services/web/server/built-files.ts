import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { SettingsError } from '@nightjar/kit/settings';
import { PAGES_BYTES_MAX } from './limits.ts';

/** A file of the build, as it is answered. */
export interface BuiltFile {
  readonly bytes: Buffer;
  /** Of the content alone: every pod that has these bytes names them so. */
  readonly etag: string;
}

/** By the path of its URL, `/assets/app-abc123.js`. What is not in it is not there. */
export type BuiltFiles = ReadonlyMap<string, BuiltFile>;

/** The documents without which there are no pages. */
const DOCUMENTS = ['/index.html', '/room.html', '/studio.html'];

/**
 * Reads a build whole, since its files are few, small, and never change. Names that begin with a dot are the build's own
 * notes; what is no ordinary file, a link too, is left out.
 *
 * @throws SettingsError when there is no build, or one that is not whole
 */
export async function readBuiltFiles(folder: string): Promise<BuiltFiles> {
  const files = new Map<string, BuiltFile>();
  let bytesLeft = PAGES_BYTES_MAX;
  for (const name of await namesIn(folder)) {
    const file = path.join(folder, name);
    const { size } = await stat(file);
    bytesLeft -= size;
    if (bytesLeft < 0)
      throw new SettingsError(
        `The pages in ${folder} are larger than ${PAGES_BYTES_MAX} bytes: is it the right folder? (NIGHTJAR_PAGES_FOLDER)`,
      );
    const bytes = await readFile(file);
    files.set(`/${name.split(path.sep).join('/')}`, {
      bytes,
      etag: `"${createHash('sha256').update(bytes).digest('base64url')}"`,
    });
  }
  const missing = DOCUMENTS.filter((name) => !files.has(name));
  if (missing.length > 0)
    throw new SettingsError(
      `There are no pages in ${folder} (no ${missing.join(', no ')}): build services/web, or set NIGHTJAR_PAGES_FOLDER to where they are`,
    );
  return files;
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
    .filter((name) => !name.split(path.sep).some((part) => part.startsWith('.')));
}
