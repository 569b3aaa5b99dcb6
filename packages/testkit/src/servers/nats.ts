import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { askTcp } from './ask.ts';
import { startChild } from './child.ts';
import { findEngine } from './engines.ts';
import { onPort, type RunningServer, runServer, type ServerOptions, serverFolder } from './running-server.ts';

export interface NatsUser {
  readonly user: string;
  readonly password: string;
  /** Subjects; without them everything is allowed. */
  readonly publish?: readonly string[];
  readonly subscribe?: readonly string[];
  /** May answer what it is asked, beside what it may publish. */
  readonly allowResponses?: boolean;
}

export interface NatsOptions extends ServerOptions {
  /** With users nobody else gets in, and `url` names none of them. */
  readonly users?: readonly NatsUser[];
  /** More of the server's configuration, in its own syntax. */
  readonly config?: string;
}

const ANSWER = /^INFO (?=[^\r]*"jetstream":true)([^\r]*"tls_required":true|[^\r]*\r\n(PONG|-ERR))/;

/** NATS with JetStream, which keeps its streams in the server's folder. */
export async function startNats(options: NatsOptions = {}): Promise<RunningServer> {
  const engine = await findEngine('nats');
  return onPort('NATS', options, async (port) => {
    const folder = await serverFolder('nats', options.directory);
    const logFile = path.join(folder.path, 'nats.log');
    const configFile = path.join(folder.path, 'nats.conf');
    await writeFile(
      configFile,
      natsConfig(`127.0.0.1:${port}`, path.join(folder.path, 'jetstream'), options),
      {
        mode: 0o600,
      },
    );
    return runServer({
      name: 'NATS',
      url: `nats://127.0.0.1:${port}`,
      port,
      logFile,
      launch: () =>
        startChild({
          name: 'NATS',
          command: engine.program,
          args: ['-c', configFile],
          logFile,
          onDeath: options.onDeath,
        }),
      // A refused sign-in is an answer too: who may come in is not this question. Nor is TLS, before which nothing else is said.
      ask: () => askTcp(port, 'CONNECT {"verbose":false}\r\nPING\r\n', ANSWER),
      readyWithinMs: 15_000,
      stopSignal: 'SIGTERM',
      cleanUp: folder.cleanUp,
    });
  });
}

/** JSON is a part of the configuration's syntax, so quoting is JSON's. */
export function natsConfig(
  listen: string,
  store: string,
  options: Pick<NatsOptions, 'users' | 'config'>,
): string {
  const users = options.users?.map(({ user, password, publish, subscribe, allowResponses }) => ({
    user,
    password,
    ...(publish || subscribe || allowResponses
      ? {
          permissions: {
            ...(publish ? { publish } : {}),
            ...(subscribe ? { subscribe } : {}),
            ...(allowResponses ? { allow_responses: true } : {}),
          },
        }
      : {}),
  }));
  return [
    `listen: ${JSON.stringify(listen)}`,
    `jetstream: { store_dir: ${JSON.stringify(store)} }`,
    ...(users ? [`authorization: ${JSON.stringify({ users })}`] : []),
    options.config ?? '',
    '',
  ].join('\n');
}
