import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SetupError } from './setup-error.ts';

/** One of the files of the Secret of setup. */
export async function readSetupFile(folder: string, name: string): Promise<string> {
  try {
    return (await readFile(path.join(folder, name), 'utf8')).trim();
  } catch (error) {
    throw new SetupError(
      `${path.join(folder, name)} cannot be read: mount the Secret of setup there, or name its folder in NIGHTJAR_SETUP_FOLDER`,
      { cause: error },
    );
  }
}
