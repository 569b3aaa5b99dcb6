import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { makePolicyKeys } from '@nightjar/fence/node/policy-keys';
import { parsePolicyKeyRing } from '@nightjar/fence/policy-key-ring';

const USAGE = `keygen — a key pair for fence policies

Usage:
  keygen PRIVATE_FILE PUBLIC_FILE

Writes a new private key (for geofence, NIGHTJAR_FENCE_KEY_FILE) and adds its public half to the public keys
(for everybody who decides, NIGHTJAR_FENCE_PUBLIC_KEYS_FILE), which may hold former ones. Never overwrites a private key.

To rotate: keygen NEW_PRIVATE_FILE PUBLIC_FILE; restart who decides; give geofence the new private file, which signs all
policies anew by itself; take the old line out of PUBLIC_FILE.
`;

/** Makes both files. Throws when the private file exists, or the public one holds something else. */
export async function keygen(privatePath: string, publicPath: string, nowMs: number): Promise<void> {
  const { privateFile, publicFile } = makePolicyKeys(nowMs);
  const former = await readFile(publicPath, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const separator = former === '' || former.endsWith('\n') ? '' : '\n';
  parsePolicyKeyRing(former + separator + publicFile);
  await writeFile(privatePath, privateFile, { mode: 0o600, flag: 'wx' });
  await appendFile(publicPath, separator + publicFile, { mode: 0o644 });
}

if (import.meta.main) {
  const [privatePath, publicPath, ...rest] = process.argv.slice(2);
  if (privatePath === undefined || publicPath === undefined || rest.length > 0) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  } else {
    try {
      await keygen(privatePath, publicPath, Date.now());
    } catch (error) {
      process.stderr.write(`keygen: ${(error as Error).message}\n`);
      process.exitCode = 1;
    }
  }
}
