import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Secrets are files that only we may read; made once, and kept until the state is forgotten. */
export interface Secrets {
  readonly folder: string;
  file(name: string): string;
  read(name: string): Promise<string>;
  has(name: string): Promise<boolean>;
  /** A file whose content is set anew at each start. */
  write(name: string, content: string): Promise<void>;
  /** Random characters that are safe in a URL, made once. */
  password(name: string): Promise<string>;
  forget(name: string): Promise<void>;
  /** The secret, made the first time. */
  once(name: string, make: () => string | Promise<string>): Promise<void>;
}

export async function openSecrets(folder: string): Promise<Secrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = (name: string) => path.join(folder, name);
  const secrets: Secrets = {
    folder,
    file,
    read: (name) => readFile(file(name), 'utf8'),
    has: (name) =>
      secrets.read(name).then(
        () => true,
        () => false,
      ),
    async write(name, content) {
      const unfinished = `${file(name)}.${process.pid}`;
      await writeFile(unfinished, content, { mode: 0o600 });
      await rename(unfinished, file(name));
    },
    async password(name) {
      await secrets.once(name, () => randomBytes(32).toString('base64url'));
      return secrets.read(name);
    },
    forget: (name) => rm(file(name), { force: true }),
    async once(name, make) {
      if (!(await secrets.has(name))) await secrets.write(name, await make());
    },
  };
  return secrets;
}

/** 32 random bytes in base64. */
export function randomKey(): string {
  return randomBytes(32).toString('base64');
}
