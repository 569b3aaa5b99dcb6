import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { startChild } from './child.ts';
import { outputOf } from './command.ts';
import { findEngine } from './engines.ts';
import { clearLeftovers } from './postgres-leftovers.ts';
import { onPort, type RunningServer, runServer, type ServerOptions, serverFolder } from './running-server.ts';

export interface PostgresOptions extends ServerOptions {
  /** fsync, as in production. Off by default: what is committed outlives the server's death, if not the machine's. */
  readonly durable?: boolean;
  readonly maxConnections?: number;
  /** More settings, as `name=value`. */
  readonly settings?: readonly string[];
}

/** PostgreSQL with a superuser whose password is random; the URL holds it. */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningServer> {
  const engine = await findEngine('postgres');
  const user = unprivileged();
  return onPort('PostgreSQL', options, async (port) => {
    const folder = await serverFolder('postgres', options.directory);
    const data = path.join(folder.path, 'data');
    const passwordFile = path.join(folder.path, 'password');
    const logFile = path.join(folder.path, 'postgres.log');
    if (!existsSync(path.join(data, 'PG_VERSION'))) {
      await initialise(engine.program, { data, passwordFile, logFile, user });
    }
    const password = (await readFile(passwordFile, 'utf8')).trim();
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      'unix_socket_directories=',
      `max_connections=${options.maxConnections ?? 300}`,
      'shared_buffers=64MB',
      'log_min_messages=warning',
      ...(options.durable ? [] : ['fsync=off', 'full_page_writes=off']),
      ...(options.settings ?? []),
    ];
    return runServer({
      name: 'PostgreSQL',
      url,
      port,
      logFile,
      async launch() {
        await clearLeftovers(data);
        return startChild({
          name: 'PostgreSQL',
          command: engine.program,
          args: ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
          logFile,
          user,
          cwd: '/',
          onDeath: options.onDeath,
        });
      },
      ask: () => askPostgres(url),
      readyWithinMs: 60_000,
      // A fast shutdown: sessions are cut, what was committed is kept.
      stopSignal: 'SIGINT',
      cleanUp: folder.cleanUp,
    });
  });
}

async function initialise(
  postgres: string,
  {
    data,
    passwordFile,
    logFile,
    user,
  }: { data: string; passwordFile: string; logFile: string; user: User | undefined },
): Promise<void> {
  // What an interrupted first start left.
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (user) {
    await chown(data, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
    await assertReachable(postgres, user);
    await assertReachable(data, user);
  }
  const args = ['--no-sync', '--encoding=UTF8', '--locale=C', '--username=postgres', '--auth=scram-sha-256'];
  const initdb = await startChild({
    name: 'initdb',
    command: path.join(path.dirname(postgres), 'initdb'),
    args: ['-D', data, ...args, `--pwfile=${passwordFile}`],
    logFile,
    user,
    cwd: '/',
  });
  const { code } = await initdb.gone;
  if (code !== 0) {
    await rm(data, { recursive: true, force: true });
    throw new Error(`initdb failed; the end of ${logFile}:\n${initdb.logTail()}`);
  }
  if (user) {
    await chown(passwordFile, 0, 0);
    await chmod(passwordFile, 0o600);
  }
}

async function askPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end().catch(() => {});
  }
}

interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root, so then it runs as the user that this machine has for it, or as nobody. */
function unprivileged(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const entry = users.find(([candidate]) => candidate === name);
    if (entry) return { name, uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and /etc/passwd has neither a user postgres nor nobody',
  );
}

async function assertReachable(file: string, user: User): Promise<void> {
  const args = ['--reuid', `${user.uid}`, '--regid', `${user.gid}`, '--clear-groups', 'test', '-x', file];
  if ((await outputOf('setpriv', args)) !== undefined) return;
  throw new Error(
    `the user ${user.name}, as whom PostgreSQL runs when we are root, cannot reach ${file}: ` +
      'set NIGHTJAR_CACHE and NIGHTJAR_STATE to folders that every user may enter',
  );
}
