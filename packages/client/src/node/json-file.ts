import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';

/** A room's id as a file's name. @throws RangeError */
export function fileName(roomId: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(roomId)) throw new RangeError('not a room’s id');
  return roomId;
}

/** Undefined where there is no such file. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** There whole or not at all, for its owner only. */
export async function writeJson(folder: string, path: string, value: object): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${crypto.randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(value)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  await rename(draft, path);
}
