import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { createHttpClient } from '@nightjar/client/http';
import { Rooms } from '@nightjar/client/rooms';
import { exists } from '@nightjar/testkit/servers/child';
import { startLiveKit } from '@nightjar/testkit/servers/livekit';
import { startNats } from '@nightjar/testkit/servers/nats';
import { startPostgres } from '@nightjar/testkit/servers/postgres';
import { startRedis } from '@nightjar/testkit/servers/redis';
import type { RunningServer } from '@nightjar/testkit/servers/running-server';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { newViewer } from '../lib/people.ts';
import { runStart, type Start, settings } from './start.ts';

// Characters that a URL must escape.
const PASSWORD = 'p@ss/w:rd';
const UP = /Ctrl-C ends everything/;
const TEST_MS_MAX = 120_000;

let own: Awaited<ReturnType<typeof settings>>;
let env: Record<string, string>;
let urls: { postgres: string; redis: string; nats: string };
const servers: RunningServer[] = [];
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  own = await settings();
  stack.defer(() => own.cleanUp());
  const start = async <T extends RunningServer>(starting: Promise<T>): Promise<T> => {
    const server = stack.use(await starting);
    servers.push(server);
    return server;
  };
  const postgres = await start(startPostgres());
  const redis = await start(startRedis({ args: ['--requirepass', PASSWORD] }));
  const nats = await start(startNats({ users: [{ user: 'me', password: PASSWORD }] }));
  const livekit = await start(startLiveKit({ apiKey: 'mine' }));
  const secretFile = path.join(path.dirname(own.env.NIGHTJAR_STATE as string), 'livekit-secret');
  await writeFile(secretFile, `${livekit.apiSecret}\n`);
  urls = {
    postgres: postgres.url,
    redis: `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${redis.port}`,
    nats: `nats://me:${encodeURIComponent(PASSWORD)}@127.0.0.1:${nats.port}`,
  };
  env = {
    ...own.env,
    NIGHTJAR_POSTGRES_URL: urls.postgres,
    NIGHTJAR_REDIS_URL: urls.redis,
    NIGHTJAR_NATS_URL: urls.nats,
    NIGHTJAR_LIVEKIT_URL: livekit.url,
    NIGHTJAR_LIVEKIT_KEY: livekit.apiKey,
    NIGHTJAR_LIVEKIT_SECRET_FILE: secretFile,
  };
}, TEST_MS_MAX);

afterAll(() => stack.disposeAsync());

test('a password that is wrong is refused by its variable, and not shown', async () => {
  const wrong = (url: string) => url.replace(/:[^:@/]*@/, ':mistaken@');
  const { postgres, redis, nats } = urls;
  const mistaken = {
    NIGHTJAR_POSTGRES_URL: wrong(postgres),
    NIGHTJAR_REDIS_URL: wrong(redis),
    NIGHTJAR_NATS_URL: wrong(nats),
  };
  await using start = runStart({ ...env, ...mistaken });
  expect((await start.ended).code).toBe(1);
  for (const variable of Object.keys(mistaken)) expect(start.said).toContain(`${variable}: `);
  expect(start.said).not.toContain('NIGHTJAR_LIVEKIT_URL: ');
  expect(start.said).not.toContain('mistaken');
});

test(
  'the platform starts on them, starts none beside them, and a tip in the demo’s room runs',
  async () => {
    await using start = runStart(env);
    await start.says(UP);
    expect(await startedServers(start)).toEqual([]);
    expect(await readdir(path.join(env.NIGHTJAR_STATE as string, 'servers'))).toEqual([]);
    await tipRuns();
    await stop(start);
  },
  TEST_MS_MAX,
);

test('they run on after it, with what was stored in them, and nobody is left in them', async () => {
  expect(servers.map(({ pid }) => exists(pid))).toEqual([true, true, true, true]);
  const postgres = new Client({ connectionString: inDatabase(urls.postgres, 'nightjar') });
  await postgres.connect();
  const tips = await postgres.query('select count(*)::int as tips from ledger.tips');
  const sessions = await postgres.query(
    "select count(*)::int as others from pg_stat_activity where usename like 'nightjar%'",
  );
  await postgres.end();
  expect(tips.rows).toEqual([{ tips: 1 }]);
  expect(sessions.rows).toEqual([{ others: 0 }]);
  const redis = new Redis(urls.redis);
  expect(await redis.dbsize()).toBeGreaterThan(0);
  await redis.quit();
  const nats = await connect({ servers: `127.0.0.1:${new URL(urls.nats).port}`, user: 'me', pass: PASSWORD });
  const streams = await (await jetstreamManager(nats)).streams.list().next();
  await nats.close();
  expect(streams.length).toBeGreaterThan(0);
});

test.each([
  ['with the state of before', []],
  ['with a state that is new', ['--fresh']],
] as const)(
  'a further start on them works, %s',
  async (_state, args) => {
    await using start = runStart(env, ...args);
    await start.says(UP);
    await tipRuns();
    await stop(start);
  },
  TEST_MS_MAX,
);

async function tipRuns(): Promise<void> {
  const file = path.join(env.NIGHTJAR_STATE as string, 'endpoints.json');
  const endpoints = JSON.parse(await readFile(file, 'utf8'));
  expect(endpoints.livekit).toBe(env.NIGHTJAR_LIVEKIT_URL?.replace('http', 'ws'));
  const { rooms } = await new Rooms({ endpoints, http: createHttpClient() }).list();
  const nobody = async () => '';
  using viewer = await newViewer({ endpoints, operator: nobody }, rooms[0]?.roomId as string, 100n);
  expect((await viewer.tip({ itemId: 'buzz' }).end).stage).toBe('ran');
}

async function stop(start: Start): Promise<void> {
  start.process.kill('SIGINT');
  expect(await start.ended).toEqual({ code: 0, signal: null });
}

async function startedServers(start: Start): Promise<string[]> {
  const lines = await Promise.all(start.children().map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')));
  return lines.filter((line) =>
    /(postgres|valkey-server|redis-server|nats-server|livekit-server)\0/.test(line),
  );
}

function inDatabase(url: string, database: string): string {
  const inside = new URL(url);
  inside.pathname = `/${database}`;
  return inside.href;
}
