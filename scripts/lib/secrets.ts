import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Makers of what services want in secret files; some things are made together, as the two halves of a key are. */
const MAKERS = {
  'livekit-secret': () => ({ 'livekit-secret': randomBytes(32).toString('base64url') }),
  'signing-seal-key': () => ({ 'signing-seal-key': randomBytes(32).toString('base64') }),
  'pseudonym-key': () => ({ 'pseudonym-key': randomBytes(32).toString('base64') }),
  'sender-keys': () => ({
    'sender-keys': JSON.stringify([{ keyId: randomUUID(), key: randomBytes(32).toString('base64url') }]),
  }),
} as const satisfies Record<string, () => Record<string, string> | Promise<Record<string, string>>>;

export type SecretName = {
  [K in keyof typeof MAKERS]: keyof ReturnType<(typeof MAKERS)[K]>;
}[keyof typeof MAKERS];

/** Secrets are files that only we may read; made once, and kept until the state is forgotten. */
export interface Secrets {
  file(name: string): string;
  read(name: string): Promise<string>;
  /** A file whose content is set anew at each start. */
  write(name: string, content: string): Promise<string>;
  /** A password that is made once. */
  password(name: string): Promise<string>;
}

export async function openSecrets(folder: string): Promise<Secrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = (name: string) => path.join(folder, name);
  const read = (name: string) => readFile(file(name), 'utf8');
  const has = (name: string) =>
    read(name).then(
      () => true,
      () => false,
    );
  const write = async (name: string, content: string) => {
    const unfinished = `${file(name)}.${process.pid}`;
    await writeFile(unfinished, content, { mode: 0o600 });
    await rename(unfinished, file(name));
    return file(name);
  };
  for (const [name, make] of Object.entries(MAKERS)) {
    if (await has(name)) continue;
    for (const [each, content] of Object.entries(await make())) await write(each, content);
  }
  return {
    file,
    read,
    write,
    async password(name) {
      if (!(await has(name))) await write(name, randomBytes(24).toString('base64url'));
      return read(name);
    },
  };
}
