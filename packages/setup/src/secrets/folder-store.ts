import { randomUUID } from 'node:crypto';
import { appendFile, link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SetupError } from '../setup-error.ts';
import { linesOf, type SecretData, type SecretRef, type SecretStore } from './store.ts';

/** Key Y of Secret X is the file X/Y. Folders and files are for their owner alone. */
export function folderStore(root: string): SecretStore {
  const folderOf = ({ name }: SecretRef) => path.join(root, plain(name));

  async function read(ref: SecretRef): Promise<SecretData | undefined> {
    const folder = folderOf(ref);
    const names = await readdir(folder).catch(missing);
    if (!names) return undefined;
    // Drafts of other programs begin with a dot.
    const keys = names.filter((name) => !name.startsWith('.')).sort();
    const values = await Promise.all(keys.map((key) => readFile(path.join(folder, key), 'utf8')));
    return Object.fromEntries(keys.map((key, i) => [key, values[i] ?? '']));
  }

  async function write(folder: string, key: string, value: string, how: 'add' | 'replace'): Promise<void> {
    const file = path.join(folder, plain(key));
    const draft = path.join(folder, `.${key}.${randomUUID()}`);
    // What is made once outlives the machine's fall; what is derived is made again.
    await writeFile(draft, value, { mode: 0o600, flag: 'wx', flush: how === 'add' });
    if (how === 'replace') return rename(draft, file);
    try {
      // A link is there whole or not at all, and never replaces what another has just added.
      await link(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(draft);
    }
  }

  return {
    read: (ref) => explained(root, () => read(ref)),
    add: (ref, data) =>
      explained(root, async () => {
        const folder = folderOf(ref);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        for (const [key, value] of Object.entries(data)) await write(folder, key, value, 'add');
      }),
    addLines: (ref, lines) =>
      explained(root, async () => {
        const folder = folderOf(ref);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        for (const [key, line] of Object.entries(lines)) {
          await write(folder, key, `${line.trim()}\n`, 'add');
          const file = path.join(folder, plain(key));
          if (linesOf(await readFile(file, 'utf8')).includes(line.trim())) continue;
          // Appended, so that what others append at the same time stays. The value may end within a line.
          await appendFile(file, `\n${line.trim()}\n`, { flush: true });
        }
      }),
    put: (ref, next) =>
      explained(root, async () => {
        const folder = folderOf(ref);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const before = (await read(ref)) ?? {};
        const data = next(before);
        const changed = Object.entries(data).filter(([key, value]) => before[key] !== value);
        const gone = Object.keys(before).filter((key) => !Object.hasOwn(data, key));
        for (const [key, value] of changed) await write(folder, key, value, 'replace');
        for (const key of gone) await rm(path.join(folder, key), { force: true });
        return changed.length + gone.length > 0;
      }),
  };
}

function plain(name: string): string {
  if (/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)) return name;
  throw new SetupError(`'${name}' cannot be the name of a file or folder`);
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}

const REFUSED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC']);

async function explained<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!REFUSED.has(code)) throw error;
    throw new SetupError(
      `the folder of secrets, ${root}, cannot be used (${code}): give it to the user that this runs as, or name another`,
      { cause: error },
    );
  }
}
