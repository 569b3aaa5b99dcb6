/**
 * What a tip costs: the Tip RPC and its one SQL call at 100 a second, against a bare committed insert of one row on the
 * same server, and how many tips go through when they come all at once. Real fsync.
 * Run it with `node --conditions=nightjar-source services/payments/bench/tip-cost.ts`.
 */
import { randomUUID } from 'node:crypto';
import { startPostgres } from '@nightjar/testkit/servers/postgres';
import { checkInvariants } from '../src/store/invariants.ts';
import type { TipToTake } from '../src/store/take-tips.ts';
import { tipLane } from '../src/tip-lane.ts';
import { paymentsPlatform } from '../test/payments-under-test.ts';
import { newRoomId, newTipId, newViewer, tipRequest, type Viewer } from '../test/viewer.ts';

const ROOMS = 100;
const VIEWERS = 400;
const PER_SECOND = 100;
const SECONDS = 10;
const AT_ONCE = 10_000;
const TOKENS = 1_000_000n;

await using server = await startPostgres({ durable: true });
await using platform = await paymentsPlatform(server);
await using _service = await platform.startPayments();
const { ledger } = platform;
await ledger.query('create table bare (id text primary key, payload bytea not null)');

const rooms = Array.from({ length: ROOMS }, newRoomId);
const viewers: Viewer[] = [];
for (let i = 0; i < VIEWERS; i++) viewers.push(await newViewer(ledger, TOKENS));
const room = (i: number) => rooms[i % ROOMS] as string;
const viewer = (i: number) => viewers[(i * 7) % VIEWERS] as Viewer;
const payload = Buffer.alloc(200, 7);

function bare(): Promise<unknown> {
  return ledger.query({
    name: 'bare',
    text: 'insert into bare values ($1, $2)',
    values: [randomUUID(), payload],
  });
}

function toTake(i: number, roomId = room(i), held = true): TipToTake {
  return {
    tipId: newTipId(),
    roomId,
    walletId: viewer(i).walletId,
    amount: 10n,
    digest: Buffer.alloc(32, i),
    orderExpiresAt: Date.now() + 60_000,
    ...(held ? { effect: { durationMs: 3_000, startWithinMs: 20_000 } } : {}),
    event: payload,
  };
}

const lane = tipLane(ledger);
const count = PER_SECOND * SECONDS;
const requests: Awaited<ReturnType<typeof tipRequest>>[] = [];
for (let i = 0; i < count + ROOMS; i++)
  requests.push(
    await tipRequest(viewer(i), platform.sealTo, { roomId: room(i), amount: 10n, durationMs: 3_000 }),
  );

// Rooms are opened and connections and plans made before anything is timed.
for (let i = 0; i < ROOMS; i++) await platform.rpc.tip(requests.pop() ?? {});

interface Figures {
  readonly p50: number;
  readonly p99: number;
}

/** Each kind of work begins 100 times a second, in turn, so that whatever else this machine does meets all of them alike. */
async function paced(
  works: Readonly<Record<string, (i: number) => Promise<unknown>>>,
): Promise<[string, Figures][]> {
  const kinds = Object.entries(works).map(([name, work]) => ({ name, work, times: [] as number[] }));
  const begin = performance.now();
  const pending: Promise<void>[] = [];
  for (let i = 0; i < count * kinds.length; i++) {
    const due = begin + (i * 1000) / (PER_SECOND * kinds.length);
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const kind = kinds[i % kinds.length];
    if (!kind) break;
    const started = performance.now();
    const work = kind.work(Math.floor(i / kinds.length));
    pending.push(work.then(() => void kind.times.push(performance.now() - started)));
  }
  await Promise.all(pending);
  return kinds.map(({ name, times }) => {
    times.sort((a, b) => a - b);
    return [name, { p50: times[count >> 1] ?? 0, p99: times[Math.floor(count * 0.99)] ?? 0 }];
  });
}

const rows = await paced({
  'bare insert of one row': bare,
  'take_tips, the one SQL call': (i) => lane(toTake(i)),
  'Tip RPC: NATS, seal, SQL call': (i) => platform.rpc.tip(requests[i] ?? {}),
});
const floor = rows[0]?.[1] as Figures;
console.log(`each ${PER_SECOND}/s, ${SECONDS} s                    p50 ms   p99 ms   ×p50   ×p99`);
for (const [name, { p50, p99 }] of rows)
  console.log(
    `${name.padEnd(34)} ${p50.toFixed(2).padStart(6)} ${p99.toFixed(2).padStart(8)} ${(p50 / floor.p50).toFixed(2).padStart(6)} ${(p99 / floor.p99).toFixed(2).padStart(6)}`,
  );

async function rate(work: (i: number) => Promise<unknown>, inFlight: number): Promise<number> {
  const begin = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < AT_ONCE) await work(next++);
    }),
  );
  return (AT_ONCE * 1000) / (performance.now() - begin);
}

const hot = newRoomId();
await lane(toTake(0, hot));
console.log(`bare inserts, 8 in flight:          ${(await rate(bare, 8)).toFixed(0)}/s`);
console.log(`tips to 100 rooms, 256 in flight:   ${(await rate((i) => lane(toTake(i)), 256)).toFixed(0)}/s`);
console.log(
  `tips to one room, 256 in flight:    ${(await rate((i) => lane(toTake(i, hot)), 256)).toFixed(0)}/s`,
);
const violations = await checkInvariants(ledger);
console.log(violations.length === 0 ? 'the ledger is sound' : JSON.stringify(violations));
