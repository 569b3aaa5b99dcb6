import { expect, test } from '@jest/globals';
import { asAdmin } from '@nightjar/database/admin';
import { eventually } from '@nightjar/testkit/eventually';
import { startPostgres } from '@nightjar/testkit/servers/postgres';
import { checkInvariants } from '../src/store/invariants.ts';
import { walletBalance } from '../src/store/wallets.ts';
import { outcome } from './bridge.ts';
import { paymentsPlatform } from './payments-under-test.ts';
import { newRoomId, newTipId, newViewer, tipRequest } from './viewer.ts';

const DURATION_MS = 1_000;

test('a tip whose connection dies in mid-transaction is posted once when it comes again', async () => {
  await using platform = await paymentsPlatform();
  await using _service = await platform.startPayments();
  const { ledger } = platform;
  const viewer = await newViewer(ledger, 100n);
  const roomId = newRoomId();
  // Opens the room, so that the next tip waits in the middle of its transaction for a lock that is held here.
  await platform.rpc.tip(await tipRequest(viewer, platform.sealTo, { roomId, amount: 1n }));
  const request = await tipRequest(viewer, platform.sealTo, { roomId, amount: 10n, durationMs: DURATION_MS });
  const busy = await ledger.connect();
  await busy.query('begin');
  await busy.query('select from accounts where owner = $1 for update', [viewer.walletId]);
  const tipping = platform.rpc.tip(request).catch((error: unknown) => error);
  await asAdmin(platform.database.adminUrl, async (admin) => {
    await eventually(async () => {
      const killed = await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%take_tip%'`,
      );
      expect(killed.rowCount).toBe(1);
    });
  });
  expect(await tipping).toMatchObject({ code: 'unavailable', retry: true });
  await busy.query('rollback');
  busy.release();
  expect(await walletBalance(ledger, viewer.walletId)).toEqual({ available: 99n, held: 0n });
  expect(await platform.rpc.tip(request)).toMatchObject({ seq: 2n, held: true });
  expect(await walletBalance(ledger, viewer.walletId)).toEqual({ available: 89n, held: 10n });
  expect(await checkInvariants(ledger)).toEqual([]);
}, 60_000);

test('a power cut of PostgreSQL under load loses nothing that was acknowledged, and all goes on by itself', async () => {
  await using server = await startPostgres({ durable: true });
  await using platform = await paymentsPlatform(server);
  await using _service = await platform.startPayments();
  const { ledger, rpc } = platform;
  const rooms = Array.from({ length: 4 }, newRoomId);
  const viewers = await Promise.all(Array.from({ length: 8 }, () => newViewer(ledger, 10_000n)));
  const acknowledged: { tipId: string; seq: bigint; settled: boolean }[] = [];
  const refusals = new Set<string>();
  let stop = false;

  async function viewing(i: number) {
    for (let n = 0; !stop; n++) {
      const viewer = viewers[i % viewers.length];
      const roomId = rooms[(i + n) % rooms.length];
      if (!viewer || !roomId) throw new Error('nobody there');
      const tipId = newTipId();
      const wish = { roomId, tipId, amount: 3n, durationMs: DURATION_MS };
      const request = await tipRequest(viewer, platform.sealTo, wish);
      const retry = async <T>(work: () => Promise<T>): Promise<T> => {
        for (;;) {
          try {
            return await work();
          } catch (error) {
            const { code } = error as { code: string };
            refusals.add(code);
            if (code !== 'unavailable' && code !== 'deadline') throw error;
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }
      };
      const { seq } = await retry(() => rpc.tip(request));
      const done = { tipId, seq, settled: false };
      acknowledged.push(done);
      if (n % 2) continue;
      const signed = await outcome(tipId, roomId, 'partly', DURATION_MS, 700);
      await retry(() => rpc.settle({ tipId, roomId, outcome: signed }));
      done.settled = true;
    }
  }

  const all = viewers.map((_, i) => viewing(i));
  await eventually(async () => expect(acknowledged.length).toBeGreaterThan(50));
  for (let cut = 0; cut < 2; cut++) {
    const before = acknowledged.length;
    await server.kill();
    await server.restart();
    await eventually(async () => expect(acknowledged.length).toBeGreaterThan(before + 50));
  }
  stop = true;
  await Promise.all(all);
  expect([...refusals].filter((code) => code !== 'unavailable' && code !== 'deadline')).toEqual([]);
  const { rows } = await ledger.query<{ tip_id: string; seq: bigint; result: string | null }>(
    'select tip_id, seq, result from tips',
  );
  const kept = new Map(rows.map((row) => [row.tip_id, row]));
  expect(rows).toHaveLength(acknowledged.length);
  for (const { tipId, seq, settled } of acknowledged)
    expect(kept.get(tipId)).toMatchObject({ seq, result: settled ? 'partly' : null });
  expect(await checkInvariants(ledger)).toEqual([]);
  await eventually(async () => {
    const unsent = await ledger.query('select from outbox where sent_at is null');
    expect(unsent.rowCount).toBe(0);
  });
}, 120_000);
