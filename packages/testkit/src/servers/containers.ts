import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { askTcp } from './ask.ts';
import { type NatsOptions, natsConfig } from './nats.ts';
import { type RedisOptions, redisUrl } from './redis.ts';
import { onPort, type RunningServer } from './running-server.ts';

/** Images can be other ones of the same kind: a registry of your own, a version under trial. */
const image = (kind: 'POSTGRES' | 'REDIS' | 'NATS', usual: string) =>
  process.env[`NIGHTJAR_TEST_${kind}_IMAGE`] ?? usual;

const READY_MS = 60_000;

interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  /** Inside the container. */
  readonly port: number;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: readonly { content: string; target: string }[];
  url(port: number): string;
  ask(port: number): Promise<unknown>;
}

export function startPostgresContainer(): Promise<RunningServer> {
  const password = randomBytes(18).toString('base64url');
  const url = (port: number) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  return startContainer({
    name: 'PostgreSQL',
    image: image('POSTGRES', 'postgres:18'),
    port: 5432,
    command: ['postgres', '-c', 'fsync=off', '-c', 'max_connections=300'],
    environment: { POSTGRES_PASSWORD: password },
    url,
    async ask(port) {
      const client = new Client({ connectionString: url(port), connectionTimeoutMillis: 2_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        // The image first runs a passing server for its own set-up, which listens on no TCP port.
        await client.query('select 1');
      } finally {
        await client.end().catch(() => {});
      }
    },
  });
}

export function startRedisContainer(options: RedisOptions = {}): Promise<RunningServer> {
  return startContainer({
    name: 'Redis',
    image: image('REDIS', 'redis:8'),
    port: 6379,
    // Connections come over the container's bridge; its port is published on loopback alone.
    command: [
      'redis-server',
      '--protected-mode',
      'no',
      '--save',
      '',
      '--appendonly',
      'no',
      ...(options.password === undefined ? [] : ['--requirepass', options.password]),
      ...(options.args ?? []),
    ],
    url: (port) => redisUrl(port, options.password),
    ask: (port) => askTcp(port, 'PING\r\n', /^(\+PONG|-NOAUTH .*)\r\n/),
  });
}

export function startNatsContainer(options: NatsOptions = {}): Promise<RunningServer> {
  const target = '/etc/nats/nightjar.conf';
  return startContainer({
    name: 'NATS',
    image: image('NATS', 'nats:2.15'),
    port: 4222,
    command: ['nats-server', '-c', target],
    files: [{ target, content: natsConfig('0.0.0.0:4222', '/data', options) }],
    url: (port) => `nats://127.0.0.1:${port}`,
    ask: (port) =>
      askTcp(port, 'CONNECT {"verbose":false}\r\nPING\r\n', /^INFO \{.*"jetstream":true.*\r\n(PONG|-ERR)/s),
  });
}

async function startContainer(spec: ContainerSpec): Promise<RunningServer> {
  // Loaded here, since it is slow to load and most runs are native.
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  class LoopbackContainer extends GenericContainer {
    protected override async beforeContainerCreated() {
      const bindings = (this.hostConfig.PortBindings ?? {}) as Record<string, { HostIp?: string }[]>;
      for (const binding of Object.values(bindings).flat()) binding.HostIp = '127.0.0.1';
    }
  }
  return onPort(spec.name, {}, async (port) => {
    const started = await new LoopbackContainer(spec.image)
      .withExposedPorts({ container: spec.port, host: port })
      .withEnvironment({ ...spec.environment })
      .withCommand([...(spec.command ?? [])])
      .withCopyContentToContainer([...(spec.files ?? [])])
      .withAutoRemove(false)
      .withStartupTimeout(READY_MS)
      // Readiness is the same question as for native servers, asked below.
      .withWaitStrategy(Wait.forListeningPorts())
      .start();
    const container = (await getContainerRuntimeClient()).container.getById(started.getId());
    const ready = () => untilAnswers(spec, port);
    await ready().catch(async (error: Error) => {
      await container.remove({ force: true, v: true });
      throw error;
    });
    let { Pid: pid } = (await container.inspect()).State;
    const server: RunningServer = {
      name: spec.name,
      url: spec.url(port),
      port,
      logFile: `docker logs ${started.getId().slice(0, 12)}`,
      get pid() {
        return pid;
      },
      async stop() {
        await container.stop().catch(notRunning);
      },
      async kill(signal = 'SIGKILL') {
        await container.kill({ signal }).catch(notRunning);
        if (signal === 'SIGKILL') await container.wait();
      },
      async pause() {
        await container.pause();
      },
      async resume() {
        await container.unpause();
      },
      async restart() {
        await server.stop();
        await container.start();
        await ready();
        pid = (await container.inspect()).State.Pid;
      },
      async [Symbol.asyncDispose]() {
        await container.remove({ force: true, v: true });
      },
    };
    return server;
  });
}

async function untilAnswers(spec: ContainerSpec, port: number): Promise<void> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    try {
      await spec.ask(port);
      return;
    } catch (error) {
      if (performance.now() > deadline)
        throw new Error(`${spec.name} (${spec.image}) does not answer: ${String(error)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function notRunning(error: unknown): void {
  const status = (error as { statusCode?: number }).statusCode;
  if (status !== 304 && status !== 409) throw error;
}
