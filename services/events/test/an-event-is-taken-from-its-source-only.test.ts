import { create, toBinary } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { RoomEventSchema } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import {
  eventSubject,
  FENCE_STREAM,
  fencePolicySubject,
  partitionOf,
  ROOM_EVENTS_STREAM,
} from '@nightjar/contracts/subjects';
import { silentLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { eventually } from '@nightjar/testkit/eventually';
import { enter, eventsPlatform, newTip, type Platform, type Pod } from './events-under-test.ts';

let platform: Platform;
let pod: Pod;

beforeAll(async () => {
  platform = await eventsPlatform();
  pod = await platform.startPod();
});

afterAll(async () => {
  await pod[Symbol.asyncDispose]();
  await platform[Symbol.asyncDispose]();
});

test("a tip that another service's password made JetStream tell is in no room, and the real one is", async () => {
  const room = await platform.neighbours.newRoom();
  const viewer = await enter(platform, pod, room, 'viewer');
  await using stack = new AsyncDisposableStack();
  const thief = await connectNats(platform.nats.urlOf('geofence'), 'test', silentLog, { user: 'geofence' });
  stack.defer(() => thief.close());
  const admin = await connectNats(platform.nats.url, 'test', silentLog);
  stack.defer(() => admin.close());
  const forged = create(RoomEventSchema, {
    roomId: room.roomId,
    seq: 1n,
    at: timestampNow(),
    body: { case: 'tipAccepted', value: { tipId: 'tip_forged', amount: 1_000_000n } },
  });
  // A policy's place takes any bytes, and JetStream reads them out on the subject that is to be answered on.
  const { seq } = await jetstream(thief).publish(
    fencePolicySubject('room_forged'),
    toBinary(RoomEventSchema, forged),
  );
  const subject = eventSubject('payments', 'tip_accepted', partitionOf(room.roomId));
  thief.publish(`$JS.API.DIRECT.GET.${FENCE_STREAM}`, JSON.stringify({ seq }), { reply: subject });
  const { streams } = await jetstreamManager(admin);
  await eventually(async () =>
    expect(await streams.getMessage(ROOM_EVENTS_STREAM.name, { last_by_subj: subject })).not.toBeNull(),
  );

  const tip = newTip();
  viewer.socket.say(tip);
  const entry = await viewer.socket.next('entry', ({ kind }) => kind === 'tip');
  expect(entry).toMatchObject({ tipId: tip.id });
});
