import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Death, plainEnvironment, startChild } from '@nightjar/testkit/servers/child';
import { claimPort } from '@nightjar/testkit/servers/ports';
import { type RunningServer, runServer } from '@nightjar/testkit/servers/running-server';
import { runTied } from './children.ts';
import type { Port } from './port-table.ts';
import { builtFile, type ServiceName, type Surroundings, serviceFolder } from './services.ts';

/** A service as one process of its own, as it runs in production. */
export interface RunningService extends RunningServer {
  readonly internalUrl: string;
  readonly env: Readonly<Record<string, string>>;
}

// Within a service's own grace, which is 35 s.
const STOP_MS_MAX = 40_000;
const READY_MS_MAX = 30_000;

export async function startService(options: {
  service: ServiceName;
  /** `events`, and `events-2` for a second one. */
  name: string;
  http: Port;
  internal: Port;
  env: Readonly<Record<string, string>>;
  logs: string;
  onDeath(name: string, logFile: string, death: Death): void;
}): Promise<RunningService> {
  const { service, name, http, internal } = options;
  const main = builtFile(service, 'main');
  if (!existsSync(main)) throw new Error(`${name} is not built: there is no ${main}`);
  await claimPort(http.port, name, http.setting);
  await claimPort(internal.port, `${name}'s health and metrics`, internal.setting);
  const logFile = path.join(options.logs, `${name}.log`);
  const internalUrl = `http://127.0.0.1:${internal.port}`;
  const server = await runServer({
    name,
    url: `http://127.0.0.1:${http.port}`,
    port: http.port,
    logFile,
    launch: () =>
      startChild({
        name,
        command: process.execPath,
        args: ['--enable-source-maps', main],
        env: { ...plainEnvironment(), NODE_ENV: 'production', ...options.env },
        cwd: serviceFolder(service),
        logFile,
        onDeath: (death) => options.onDeath(name, logFile, death),
      }),
    async ask() {
      const response = await fetch(`${internalUrl}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      if (response.status !== 200) throw new Error(`not ready: ${(await response.text()).slice(0, 200)}`);
    },
    readyWithinMs: READY_MS_MAX,
    stopSignal: 'SIGTERM',
    stopWithinMs: STOP_MS_MAX,
    cleanUp: async () => {},
  });
  return Object.assign(server, { internalUrl, env: options.env });
}

/** Runs a service's migrations to their end. */
export async function migrateService(
  service: ServiceName,
  env: Readonly<Record<string, string>>,
  logs: string,
): Promise<void> {
  const logFile = path.join(logs, `${service}-migrate.log`);
  const child = await startChild({
    name: `${service} migrations`,
    command: process.execPath,
    args: ['--enable-source-maps', builtFile(service, 'migrate')],
    env: { ...plainEnvironment(), NODE_ENV: 'production', ...env },
    cwd: serviceFolder(service),
    logFile,
  });
  const { code } = await child.gone;
  if (code !== 0)
    throw new Error(`the migrations of ${service} failed; the end of ${logFile}:\n${child.logTail()}`);
}

/** Runs the operator's command of auth, and gives back what it prints. */
export async function operate(args: readonly string[], { secretOf }: Surroundings): Promise<string> {
  const { code, output } = await runTied(process.execPath, [builtFile('auth', 'operator'), ...args], {
    ...plainEnvironment(),
    NIGHTJAR_POSTGRES_URL_FILE: secretOf('auth', 'postgres-url'),
    NIGHTJAR_SIGNING_SEAL_KEY_FILE: secretOf('auth', 'signing-seal-key'),
  });
  if (code !== 0) throw new Error(`operator ${args.join(' ')} failed:\n${output}`);
  return output;
}
