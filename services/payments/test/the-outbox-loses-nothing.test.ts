import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { type RoomEvent, RoomEventSchema } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { partitionFilter, partitionOf, ROOM_EVENTS_STREAM } from '@nightjar/contracts/subjects';
import { silentLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { eventually } from '@nightjar/testkit/eventually';
import { checkInvariants } from '../src/store/invariants.ts';
import { cleanOutbox } from '../src/store/room-events.ts';
import { takeTips } from '../src/store/take-tips.ts';
import { outcome } from './bridge.ts';
import { type PaymentsPlatform, paymentsPlatform } from './payments-under-test.ts';
import { newRoomId, newTipId, newViewer, tipRequest, type Viewer } from './viewer.ts';

const DURATION_MS = 1_000;

/**
 * All events of a room that are in the stream, by their numbers: two pods that commit at one time may publish the other
 * way round, and the room log takes them in order.
 */
async function published(platform: PaymentsPlatform, roomId: string): Promise<RoomEvent[]> {
  const nats = await connectNats(platform.natsServer.url, 'reader', silentLog);
  try {
    const consumer = await jetstream(nats).consumers.get(ROOM_EVENTS_STREAM.name, {
      filter_subjects: [partitionFilter('payments', partitionOf(roomId))],
    });
    const info = await consumer.info();
    const events: RoomEvent[] = [];
    if (info.num_pending === 0) return events;
    for await (const message of await consumer.fetch({ max_messages: info.num_pending, expires: 2_000 })) {
      const event = fromBinary(RoomEventSchema, message.data);
      if (event.roomId === roomId) events.push(event);
      if (message.info.pending === 0) break;
    }
    return events.sort((a, b) => Number(a.seq - b.seq));
  } finally {
    await nats.close();
  }
}

/** Takes tips without asking over NATS, which is away. */
async function takeDirectly(platform: PaymentsPlatform, viewer: Viewer, roomId: string) {
  const tip = {
    tipId: newTipId(),
    roomId,
    walletId: viewer.walletId,
    amount: 1n,
    digest: Buffer.alloc(32),
    orderExpiresAt: Date.now() + 60_000,
    event: toBinary(RoomEventSchema, create(RoomEventSchema, { roomId })),
  };
  await takeTips(platform.ledger, [tip]);
}

test('acceptances and settlements of a room all come out, under numbers without gaps, each once', async () => {
  await using platform = await paymentsPlatform();
  await using _one = await platform.startPayments();
  await using _two = await platform.startPayments();
  const viewers = await Promise.all(Array.from({ length: 8 }, () => newViewer(platform.ledger, 1_000n)));
  const roomId = newRoomId();
  await Promise.all(
    viewers.flatMap((viewer) =>
      Array.from({ length: 6 }, async () => {
        const tipId = newTipId();
        const wish = { roomId, tipId, amount: 3n, durationMs: DURATION_MS };
        await platform.rpc.tip(await tipRequest(viewer, platform.sealTo, wish));
        await platform.rpc.settle({
          tipId,
          roomId,
          outcome: await outcome(tipId, roomId, 'ran', DURATION_MS),
        });
      }),
    ),
  );
  await eventually(async () => {
    const events = await published(platform, roomId);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 96 }, (_, i) => BigInt(i + 1)));
  });
  expect(await published(platform, roomId)).toEqual((await platform.rpc.listRoomEvents({ roomId })).events);
  expect(await checkInvariants(platform.ledger)).toEqual([]);
}, 60_000);

test('what was committed while NATS was away is published when it is back', async () => {
  await using platform = await paymentsPlatform();
  await using _service = await platform.startPayments();
  const viewer = await newViewer(platform.ledger, 1_000n);
  const rooms = [newRoomId(), newRoomId(), newRoomId()];
  for (const roomId of rooms)
    await platform.rpc.tip(await tipRequest(viewer, platform.sealTo, { roomId, amount: 1n }));
  await platform.natsServer.kill();
  for (let i = 0; i < 20; i++) for (const roomId of rooms) await takeDirectly(platform, viewer, roomId);
  await platform.natsServer.restart();
  for (const roomId of rooms)
    await eventually(async () => {
      const seqs = (await published(platform, roomId)).map(({ seq }) => seq);
      // A publish whose acknowledgement was lost may come twice; consumers drop it by its number.
      expect([...new Set(seqs)]).toEqual(Array.from({ length: 21 }, (_, i) => BigInt(i + 1)));
    });
}, 60_000);

test('events are listed from where one asks, up to limits of number and bytes, and gone ones are said to be', async () => {
  await using platform = await paymentsPlatform();
  await using _service = await platform.startPayments();
  const viewer = await newViewer(platform.ledger, 1_000n);
  const roomId = newRoomId();
  const note = 'n'.repeat(8_000);
  for (let i = 0; i < 120; i++) {
    const request = await tipRequest(viewer, platform.sealTo, { roomId, amount: 1n, note });
    await platform.rpc.tip(request);
  }
  const list = async (afterSeq?: bigint, limit = 0) => {
    const { events } = await platform.rpc.listRoomEvents({
      roomId,
      limit,
      ...(afterSeq === undefined ? {} : { afterSeq }),
    });
    return events.map(({ seq }) => Number(seq));
  };
  expect(await list(0n, 3)).toEqual([1, 2, 3]);
  expect(await list(118n)).toEqual([119, 120]);
  expect(await list(120n)).toEqual([]);
  expect(await list(500n)).toEqual([]);
  expect(await list(undefined, 2)).toEqual([119, 120]);
  // 120 notes are more than one message of NATS: the oldest come first, and the next ask goes on.
  const first = await list(0n);
  expect(first.length).toBeGreaterThan(40);
  expect(first.length).toBeLessThan(80);
  expect(await list(BigInt(first.length), 1)).toEqual([first.length + 1]);
  const latest = await list();
  expect(latest.at(-1)).toBe(120);
  expect(latest).toEqual(latest.map((_, i) => (latest[0] ?? 0) + i));
  expect((await platform.rpc.listRoomEvents({ roomId: newRoomId() })).events).toEqual([]);

  await eventually(async () => {
    const unsent = await platform.ledger.query('select from outbox where sent_at is null');
    expect(unsent.rowCount).toBe(0);
  });
  expect(await cleanOutbox(platform.ledger, 1_000)).toBe(0);
  await platform.ledger.query("update outbox set created_at = now() - interval '8 days' where seq <= 10");
  expect(await cleanOutbox(platform.ledger, 4)).toBe(4);
  expect(await cleanOutbox(platform.ledger, 100)).toBe(6);
  expect(await list(10n, 1)).toEqual([11]);
  await expect(list(9n)).rejects.toMatchObject({ code: 'room_events_gone' });
  // A room that was silent for long still says where it is.
  await platform.ledger.query("update outbox set created_at = now() - interval '8 days'");
  expect(await cleanOutbox(platform.ledger, 1_000)).toBe(109);
  expect(await list()).toEqual([120]);
  expect(await checkInvariants(platform.ledger)).toEqual([]);
}, 60_000);
