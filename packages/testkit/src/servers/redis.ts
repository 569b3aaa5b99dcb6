import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { askTcp } from './ask.ts';
import { startChild } from './child.ts';
import { findEngine } from './engines.ts';
import { onPort, type RunningServer, runServer, type ServerOptions, serverFolder } from './running-server.ts';

export interface RedisOptions extends ServerOptions {
  /** Nobody gets in without it. Of letters, digits, - and _; it stands in `url`. */
  readonly password?: string;
  /** More settings, as on the command line: `['--maxmemory', '64mb']`. */
  readonly args?: readonly string[];
}

/** Valkey, or Redis where that is on the PATH. It stores nothing on disk: a restart is an emptied Redis. */
export async function startRedis(options: RedisOptions = {}): Promise<RunningServer> {
  const engine = await findEngine('valkey');
  return onPort('Redis', options, async (port) => {
    const folder = await serverFolder('redis', options.directory);
    const logFile = path.join(folder.path, 'redis.log');
    const configFile = path.join(folder.path, 'redis.conf');
    // In a file: whoever lists processes sees a command line.
    await writeFile(configFile, options.password ? `requirepass ${options.password}\n` : '', { mode: 0o600 });
    const args = [
      configFile,
      '--bind',
      '127.0.0.1',
      '--port',
      `${port}`,
      '--dir',
      folder.path,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    return runServer({
      name: 'Redis',
      url: redisUrl(port, options.password),
      port,
      logFile,
      launch: () =>
        startChild({
          name: 'Redis',
          command: engine.program,
          args: [...args, ...(options.args ?? [])],
          logFile,
          onDeath: options.onDeath,
        }),
      // A refused sign-in is an answer too: who may come in is not this question.
      ask: () => askTcp(port, 'PING\r\n', /^(\+PONG|-NOAUTH .*)\r\n/),
      readyWithinMs: 10_000,
      stopSignal: 'SIGTERM',
      cleanUp: folder.cleanUp,
    });
  });
}

/** Of a server on this machine. */
export function redisUrl(port: number, password: string | undefined): string {
  return `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`;
}
