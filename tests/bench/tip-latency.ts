/**
 * From the viewer's socket write to the bridge's first write to the device, beside the bare hops on the same servers in
 * the same run. The floor is measured before and after the road and the better one counts, so that a machine that gets
 * slower or faster meanwhile does not flatter the road. `--short` takes less time; `--profiles=FOLDER` leaves CPU profiles
 * of events and payments.
 */
import path from 'node:path';
import pg from 'pg';
import { startPlatform } from '../../scripts/lib/platform.ts';
import type { Program } from '../../scripts/lib/programs.ts';
import { oneDecimal, row, say } from '../lib/print.ts';
import { temporaryFolder } from '../lib/temporary-folder.ts';
import { openFloor } from './tip-latency/floor.ts';
import { openRoad, ROOMS } from './tip-latency/road.ts';
import type { Latencies } from './tip-latency/stats.ts';

const BARS = { ratioP50: 2, ratioP99: 3 } as const;
const SLOW_PER_SECOND = 1;
const FAST_PER_SECOND = 100;
/** Services run for weeks, and are slower in their first half minute at this rate: so a warm-up before any figure. */
const FULL = { seconds: 20, warmUpSeconds: 30 } as const;
const SHORT = { seconds: 6, warmUpSeconds: 10 } as const;
/** One client address makes all of them here. */
const MANY = '10000';

export const run: Program = async ({ args, signal }) => {
  const { seconds, warmUpSeconds } = args.includes('--short') ? SHORT : FULL;
  const profiles = args.find((arg) => arg.startsWith('--profiles='))?.slice('--profiles='.length);
  const profiled = profiles ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${path.resolve(profiles)}` } : {};
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder('tip-latency'));
  const platform = stack.use(
    await startPlatform({
      state: path.join(home.path, 'state'),
      ports: 'free',
      env: {
        payments: { ...profiled, NIGHTJAR_WALLETS_PER_SECOND: MANY, NIGHTJAR_WALLETS_BURST: MANY },
        auth: { NIGHTJAR_SIGN_IN_PER_SECOND: MANY, NIGHTJAR_SIGN_IN_BURST: MANY },
        events: { ...profiled, NIGHTJAR_TICKETS_PER_SECOND: MANY, NIGHTJAR_TICKETS_BURST: MANY },
      },
      onStep: (what, ms) => row(ms, what),
    }),
  );
  signal.addEventListener('abort', () => void platform[Symbol.asyncDispose]());
  const floorServers = {
    natsUrl: platform.servers.nats.url,
    redisUrl: platform.servers.redis.url,
    postgresUrl: await floorDatabase(platform.servers.postgres.url),
  };
  const floors: Latencies[] = [];
  const measureFloor = async () => {
    await using floor = await openFloor(floorServers);
    await floor.run(FAST_PER_SECOND, warmUpSeconds);
    print('floor', SLOW_PER_SECOND, await floor.run(SLOW_PER_SECOND, seconds));
    floors.push(print('floor', FAST_PER_SECOND, await floor.run(FAST_PER_SECOND, seconds)));
  };

  say(`\n${ROOMS} rooms, each with an armed bridge at rest and a viewer; milliseconds`);
  await measureFloor();
  let fast: Latencies;
  {
    await using road = await openRoad(platform, home.path);
    await road.run(FAST_PER_SECOND, warmUpSeconds);
    print('road', SLOW_PER_SECOND, await road.run(SLOW_PER_SECOND, seconds));
    fast = print('road', FAST_PER_SECOND, await road.run(FAST_PER_SECOND, seconds));
  }
  await measureFloor();

  const floorP50 = Math.min(...floors.map(({ p50 }) => p50));
  const floorP99 = Math.min(...floors.map(({ p99 }) => p99));
  const ratios = { p50: fast.p50 / floorP50, p99: fast.p99 / floorP99 };
  return {
    bench: 'tip-latency',
    ok: ratios.p50 <= BARS.ratioP50 && ratios.p99 <= BARS.ratioP99 && fast.arrived === fast.sent,
    p50_ms: oneDecimal(fast.p50),
    p99_ms: oneDecimal(fast.p99),
    floor_p50_ms: oneDecimal(floorP50),
    floor_p99_ms: oneDecimal(floorP99),
    ratio_p50: twoDecimals(ratios.p50),
    ratio_p99: twoDecimals(ratios.p99),
  };
};

function print(what: string, perSecond: number, figures: Latencies): Latencies {
  const { sent, arrived, p50, p99 } = figures;
  say(
    `  ${what.padEnd(6)} ${String(perSecond).padStart(4)}/s   p50 ${p50.toFixed(1).padStart(7)}   p99 ${p99.toFixed(1).padStart(7)}   ${arrived} of ${sent} arrived`,
  );
  return figures;
}

/** A database of the floor's own on the same server, with the same settings for the disk. */
async function floorDatabase(adminUrl: string): Promise<string> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query('create database floor');
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = '/floor';
  return url.href;
}

const twoDecimals = (ratio: number) => Math.round(ratio * 100) / 100;
