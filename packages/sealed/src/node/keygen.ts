import { readFile } from 'node:fs/promises';

const USAGE = `keygen >FILE            makes a file of keys
keygen FILE >NEW_FILE   rotates the keys of FILE, which stays as it is
`;

/**
 * What the keygens of secret files have in common: prints a file of new keys, or, when one is named, what becomes of its
 * keys by a rotation.
 *
 * @param rotate answers the new file's text; undefined when the former text holds no keys of its kind
 */
export async function printKeys(
  args: readonly string[],
  rotate: (former: string | undefined) => string | undefined | Promise<string | undefined>,
): Promise<void> {
  const [file, ...rest] = args;
  if (rest.length > 0 || file?.startsWith('-')) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  try {
    const keys = await rotate(file === undefined ? undefined : await readFile(file, 'utf8'));
    if (keys === undefined) throw new Error(`${file} holds no keys that this made`);
    process.stdout.write(keys);
  } catch (error) {
    process.stderr.write(`keygen: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
