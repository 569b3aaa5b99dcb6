import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { NATS_USERS, type NatsUser } from '@nightjar/contracts/nats-permissions';
import { busUsers } from '@nightjar/testkit/servers/bus-users';
import type { Death } from '@nightjar/testkit/servers/child';
import { startLiveKit } from '@nightjar/testkit/servers/livekit';
import { startNats } from '@nightjar/testkit/servers/nats';
import { startPostgres } from '@nightjar/testkit/servers/postgres';
import { startRedis } from '@nightjar/testkit/servers/redis';
import type { RunningServer } from '@nightjar/testkit/servers/running-server';
import { type PortName, portOf } from './port-table.ts';
import type { Secrets } from './secrets.ts';

/** A server of ours, or somebody else's that the environment names. */
export type Server = RunningServer | { readonly name: string; readonly url: string };

export interface Servers {
  readonly postgres: Server;
  readonly redis: Server;
  /** Ours has a user for each service, beside the one in `url`, who may do everything. */
  readonly nats: Server;
  readonly livekit: Server & { readonly apiKey: string };
}

export interface ServersOptions {
  readonly ports: 'fixed' | 'free';
  readonly folder: string;
  readonly secrets: Secrets;
  readonly env: NodeJS.ProcessEnv;
  /** As in production; off makes tests faster. */
  readonly durable: boolean;
  readonly webhookUrls: readonly string[];
  onDeath(name: string, logFile: string, death: Death): void;
  step<T>(what: string, work: () => Promise<T>): Promise<T>;
}

const LIVEKIT_KEY = 'nightjar';
const ADMIN_PASSWORD_BYTES = 18;

export async function startServers(stack: AsyncDisposableStack, options: ServersOptions): Promise<Servers> {
  const { env, step, secrets } = options;
  const common = async (name: PortName, folder: string) => {
    const { port, setting } = await portOf(name, options.ports, env);
    const directory = path.join(options.folder, folder);
    return {
      port,
      portSetting: setting,
      directory,
      onDeath: (death: Death) => options.onDeath(folder, path.join(directory, `${folder}.log`), death),
    };
  };
  const own = async <T extends RunningServer>(name: string, start: () => Promise<T>): Promise<T> =>
    stack.use(await step(name, start));
  const given = (name: string, url: string | undefined): Server | undefined =>
    url ? { name, url } : undefined;

  const results = await Promise.allSettled([
    given('PostgreSQL', env.NIGHTJAR_POSTGRES_URL) ??
      own('PostgreSQL', async () =>
        startPostgres({ ...(await common('postgres', 'postgres')), durable: options.durable }),
      ),
    given('Redis', env.NIGHTJAR_REDIS_URL) ??
      own('Redis', async () =>
        startRedis({
          ...(await common('redis', 'redis')),
          password: secrets.value('redis-password'),
        }),
      ),
    given('NATS', env.NIGHTJAR_NATS_URL) ??
      own('NATS', async () => {
        const { users, urlFor } = await busUsers((user) =>
          isNatsUser(user) ? secrets.value(`nats-password-${user}`) : adminPassword(),
        );
        const server = await startNats({ ...(await common('nats', 'nats')), users });
        return Object.assign(server, { url: urlFor(server.url) });
      }),
    externalLiveKit(env) ??
      own('LiveKit', async () => {
        const media = await portOf('livekit_media', options.ports, env, 'udp');
        return startLiveKit({
          ...(await common('livekit', 'livekit')),
          udpPort: media.port,
          udpPortSetting: media.setting,
          apiKey: LIVEKIT_KEY,
          apiSecret: secrets.value('livekit-secret'),
          webhookUrls: options.webhookUrls,
        });
      }),
  ]);
  // All are waited for, so that one's failure leaves none half started.
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  const [postgres, redis, nats, livekit] = results.map(
    (result) => (result as PromiseFulfilledResult<unknown>).value,
  ) as [Servers['postgres'], Servers['redis'], Servers['nats'], Servers['livekit']];
  return { postgres, redis, nats, livekit };
}

function externalLiveKit(env: NodeJS.ProcessEnv): Servers['livekit'] | undefined {
  const { NIGHTJAR_LIVEKIT_URL: url, NIGHTJAR_LIVEKIT_KEY: apiKey, NIGHTJAR_LIVEKIT_SECRET_FILE: file } = env;
  return url && apiKey && file ? { name: 'LiveKit', url, apiKey } : undefined;
}

function isNatsUser(user: string): user is NatsUser {
  return (NATS_USERS as readonly string[]).includes(user);
}

/** Of the one who may do everything at NATS: another one at each start. */
function adminPassword(): string {
  return randomBytes(ADMIN_PASSWORD_BYTES).toString('base64url');
}
