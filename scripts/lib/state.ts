import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** The one folder with everything that `scripts/start` keeps: data, secrets, logs, endpoints.json. */
export function stateRoot(env: NodeJS.ProcessEnv = process.env, uid = process.getuid?.()): string {
  if (env.NIGHTJAR_STATE) return path.resolve(env.NIGHTJAR_STATE);
  if (uid === 0) return '/var/lib/nightjar';
  return path.join(env.XDG_STATE_HOME || path.join(env.HOME ?? homedir(), '.local/state'), 'nightjar');
}

export interface State {
  readonly root: string;
  readonly servers: string;
  readonly secrets: string;
  readonly logs: string;
  readonly endpoints: string;
}

const MARK = '.nightjar-state';

export async function openState(root: string, { fresh }: { fresh: boolean }): Promise<State> {
  if (fresh) await forget(root);
  // Others may pass through, since PostgreSQL runs as another user when we are root, but not look around.
  await mkdir(root, { recursive: true });
  await chmod(root, 0o711);
  await writeFile(
    path.join(root, MARK),
    'Made by scripts/start; scripts/start --fresh removes this folder.\n',
  );
  const state = {
    root,
    servers: path.join(root, 'servers'),
    secrets: path.join(root, 'secrets'),
    logs: path.join(root, 'logs'),
    endpoints: path.join(root, 'endpoints.json'),
  };
  await mkdir(state.servers, { recursive: true, mode: 0o711 });
  await mkdir(state.secrets, { recursive: true, mode: 0o700 });
  await mkdir(state.logs, { recursive: true, mode: 0o700 });
  return state;
}

/** Removes only what bears our mark: NIGHTJAR_STATE may have been pointed at somebody's home by mistake. */
async function forget(root: string): Promise<void> {
  const marked = await readFile(path.join(root, MARK)).then(
    () => true,
    () => false,
  );
  if (marked) {
    await rm(root, { recursive: true, force: true });
    return;
  }
  const there = await readFile(root).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (there)
    throw new Error(
      `${root} was not made by scripts/start (it has no ${MARK}): remove it yourself if you mean it`,
    );
}
