import { silentLog } from '../src/log.ts';
import { connectNats } from '../src/nats.ts';
import { openPool } from '../src/postgres.ts';
import { connectRedis } from '../src/redis.ts';

/** A program of its own, since Node reads NODE_EXTRA_CA_CERTS once: ends with 0 when the server at the URL let it in. */
const CONNECT_MS_MAX = 5_000;

async function enter(url: string): Promise<void> {
  const { protocol } = new URL(url);
  if (protocol === 'tls:') {
    const nats = await connectNats(url, 'test', silentLog, { firstWithinMs: CONNECT_MS_MAX });
    await nats.flush();
    return;
  }
  if (protocol === 'postgres:') {
    const { rows } = await openPool(url, 'test', 1, silentLog).query(
      'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    );
    if (rows[0]?.ssl !== true) throw new Error('not over TLS');
    return;
  }
  const redis = connectRedis(url, 'test', silentLog);
  await new Promise((resolve, reject) => redis.once('ready', resolve).once('error', reject));
  await redis.ping();
}

try {
  await enter(process.argv[2] ?? '');
  process.exit(0);
} catch (error) {
  process.stderr.write(`${(error as { code?: string }).code}\n`);
  process.exit(1);
}
