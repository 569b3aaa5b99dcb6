import path from 'node:path';
import { askTcp } from './ask.ts';
import { startChild } from './child.ts';
import { findEngine } from './engines.ts';
import { onPort, type RunningServer, runServer, type ServerOptions, serverFolder } from './running-server.ts';

export interface RedisOptions extends ServerOptions {
  /** More settings, as on the command line: `['--maxmemory', '64mb']`. */
  readonly args?: readonly string[];
}

/** Valkey, or Redis where that is on the PATH. It stores nothing on disk: a restart is an emptied Redis. */
export async function startRedis(options: RedisOptions = {}): Promise<RunningServer> {
  const engine = await findEngine('valkey');
  return onPort('Redis', options, async (port) => {
    const folder = await serverFolder('redis', options.directory);
    const logFile = path.join(folder.path, 'redis.log');
    const args = [
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
      url: `redis://127.0.0.1:${port}`,
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
