import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { GIVEN_BYTES_MAX } from '../limits.ts';
import { SetupError } from '../setup-error.ts';
import { CATALOGUE, ENTRY_NAMES, isEntryName, type Values } from './catalogue.ts';

/**
 * What an operator gives: a folder with one file for each entry that is not to be made. Names that begin with a dot are
 * passed over, since Kubernetes mounts a Secret with some of its own.
 *
 * @throws SetupError that lists every file that is no entry, or whose content is of no use; never with the content
 */
export async function readGiven(folder: string): Promise<Values> {
  if (folder === '') return {};
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new SetupError(`the folder of given secrets, ${folder}, cannot be read (${error.code})`, {
      cause: error,
    });
  });
  const given: Partial<Record<string, string>> = {};
  const faults: string[] = [];
  for (const name of names.filter((each) => !each.startsWith('.')).sort()) {
    if (!isEntryName(name)) {
      faults.push(`${name}: no such secret`);
      continue;
    }
    const file = path.join(folder, name);
    const { size } = await stat(file);
    const value = size > GIVEN_BYTES_MAX ? '' : (await readFile(file, 'utf8')).trim();
    const fault = CATALOGUE[name].fault(value);
    if (fault !== undefined) faults.push(`${name}: ${fault}`);
    given[name] = value;
  }
  if (faults.length > 0)
    throw new SetupError(
      `secrets that were given are wrong:\n  ${faults.join('\n  ')}\nThere are: ${ENTRY_NAMES.join(', ')}`,
    );
  return given as Values;
}
