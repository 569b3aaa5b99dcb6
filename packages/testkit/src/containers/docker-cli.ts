import path from 'node:path';
import { outputOf } from '../servers/command.ts';

/** Debian's own, beside whatever else is called docker on the PATH. */
const USUAL_FOLDERS = ['/usr/bin', '/usr/local/bin'];

/**
 * A docker client that can build with BuildKit: up to 22 it has that in itself, later ones need buildx beside them.
 * Several may be on the PATH, and the first of them is not always the one.
 */
export async function findDockerCli(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const folders = [...(env.PATH ?? '').split(path.delimiter), ...USUAL_FOLDERS].filter((each) => each !== '');
  for (const file of new Set(folders.map((folder) => path.join(folder, 'docker')))) {
    const major = Number(/Docker version (\d+)\./.exec((await outputOf(file, ['--version'])) ?? '')?.[1]);
    if (major >= 20 && (major < 23 || (await outputOf(file, ['buildx', 'version'])) !== undefined))
      return file;
  }
  return undefined;
}
