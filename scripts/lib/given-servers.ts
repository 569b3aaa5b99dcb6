import { readFile } from 'node:fs/promises';
import { asAdmin } from '@nightjar/database/admin';
import { silentLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { connectRedis } from '@nightjar/kit/redis';

interface GivenServer {
  readonly variable: string;
  readonly title: string;
  readonly protocols: RegExp;
  /** One real round trip, signed in; throws with what is wrong. */
  ask(url: string, env: NodeJS.ProcessEnv): Promise<unknown>;
}

/** A server that is there answers in a fraction of it, one in another country too. */
const ANSWER_MS_MAX = 3_000;

const GIVEN: readonly GivenServer[] = [
  {
    variable: 'NIGHTJAR_POSTGRES_URL',
    title: 'PostgreSQL',
    protocols: /^postgres(ql)?:$/,
    ask: (url) =>
      asAdmin(url, async (admin) => {
        const { rows } = await admin.query(
          'select rolsuper or rolcreaterole as may from pg_roles where rolname = current_user',
        );
        if (rows[0]?.may !== true) throw new Error('its user may make no roles, which are to be made');
      }),
  },
  { variable: 'NIGHTJAR_REDIS_URL', title: 'Redis', protocols: /^rediss?:$/, ask: askRedis },
  { variable: 'NIGHTJAR_NATS_URL', title: 'NATS', protocols: /^(nats|tls):$/, ask: askNats },
  { variable: 'NIGHTJAR_LIVEKIT_URL', title: 'LiveKit', protocols: /^(http|ws)s?:$/, ask: askLiveKit },
];

/**
 * Asks each server that the environment names, before anything is started, built or written.
 *
 * @throws Error with every variable at fault, what is wrong with it, and the way out; never with a password
 */
export async function checkGivenServers(
  env: NodeJS.ProcessEnv,
  step: <T>(what: string, work: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const given = GIVEN.filter(({ variable }) => env[variable]);
  if (given.length === 0) return;
  const faults = await step(`asked your ${given.map(({ title }) => title).join(', ')}`, () =>
    Promise.all(given.map((server) => faultOf(server, env))),
  );
  const wrong = faults.filter((fault) => fault !== undefined);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

async function faultOf(server: GivenServer, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { variable, title, protocols } = server;
  const url = URL.parse(env[variable] ?? '');
  if (!url || !protocols.test(url.protocol)) return `${variable} is no URL of ${title}: ${wayOut(server)}`;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ANSWER_MS_MAX} ms`)), ANSWER_MS_MAX);
  });
  try {
    await Promise.race([server.ask(url.href, env), late]);
    return undefined;
  } catch (error) {
    return `${variable}: ${title} at ${url.host} is of no use (${reasonOf(error)}): ${wayOut(server)}`;
  } finally {
    clearTimeout(timer);
  }
}

function wayOut({ variable, title }: GivenServer): string {
  return `start that server, correct ${variable}, or unset it and scripts/start runs a ${title} of its own`;
}

// Where a host has several addresses, the error of all of them says nothing itself.
function reasonOf(error: unknown): string {
  const [first = error] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first.message : String(first);
}

async function askRedis(url: string): Promise<void> {
  const redis = connectRedis(url, 'nightjar-start', silentLog);
  try {
    await new Promise<void>((resolve, reject) => {
      redis.once('ready', resolve);
      redis.once('error', reject);
      setTimeout(() => reject(new Error('no answer')), ANSWER_MS_MAX).unref();
    });
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}

async function askNats(url: string): Promise<void> {
  const nc = await connectNats(url, 'nightjar-start', silentLog, { firstWithinMs: ANSWER_MS_MAX });
  try {
    await nc.flush();
    if (nc.info?.jetstream !== true) throw new Error('its JetStream is off');
  } finally {
    await nc.close();
  }
}

async function askLiveKit(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { NIGHTJAR_LIVEKIT_KEY: key, NIGHTJAR_LIVEKIT_SECRET_FILE: file } = env;
  if (!key || !file)
    throw new Error('NIGHTJAR_LIVEKIT_KEY and NIGHTJAR_LIVEKIT_SECRET_FILE are to be beside it');
  await readFile(file);
  const { username, password } = new URL(url);
  // `fetch` refuses such a URL, and shows it.
  if (username || password) throw new Error('its key and secret do not stand in the URL');
  const response = await fetch(url.replace(/^ws/, 'http'), { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  await response.body?.cancel();
}
