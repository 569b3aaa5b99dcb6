import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { makeFactsKeys } from '@nightjar/kit/facts-keys';
import { factsKeys } from '@nightjar/kit/signed-facts';

const USAGE = `keygen PRIVATE_FILE PUBLIC_FILE

Makes a key pair for edges. The private key goes into a new file; the public one is added to PUBLIC_FILE, which services
are given. To rotate: run it with another private file and the same public one, restart the services, then the edges, then
take the old line out of the public file.
`;

async function keygen(privatePath: string, publicPath: string, nowMs: number): Promise<void> {
  const { privateFile, publicFile } = makeFactsKeys(nowMs);
  const former = await readFile(publicPath, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const added = `${former === '' || former.endsWith('\n') ? '' : '\n'}${publicFile}`;
  // A file that services could not read is not made worse.
  factsKeys(former + added);
  await writeFile(privatePath, privateFile, { mode: 0o600, flag: 'wx' });
  await appendFile(publicPath, added, { mode: 0o644 });
}

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
