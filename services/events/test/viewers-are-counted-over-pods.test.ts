import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EventsService } from '@nightjar/contracts/gen/events/v1/events_pb';
import { silentLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { client } from '@nightjar/kit/rpc-client';
import { eventually } from '@nightjar/testkit/eventually';
import { COUNTED_ROOMS_MAX } from '../src/limits.ts';
import { enter, eventsPlatform, type Platform, type Pod } from './events-under-test.ts';

let platform: Platform;
let pods: [Pod, Pod];
let events: ReturnType<typeof client<typeof EventsService>>;
let close: () => Promise<void>;

beforeAll(async () => {
  platform = await eventsPlatform();
  pods = [await platform.startPod(), await platform.startPod()];
  const nc = await connectNats(platform.nats.url, 'test', silentLog);
  close = () => nc.close();
  events = client(nc, 'rooms', EventsService);
});

afterAll(async () => {
  await close();
  for (const pod of pods) await pod[Symbol.asyncDispose]();
  await platform[Symbol.asyncDispose]();
});

test('who watches is counted over pods, in the order of the rooms asked for; the owner and her bridge are not', async () => {
  const rooms = [await platform.neighbours.newRoom(), await platform.neighbours.newRoom()] as const;
  const sockets = [
    await enter(platform, pods[0], rooms[0], 'guest'),
    await enter(platform, pods[1], rooms[0], 'viewer'),
    await enter(platform, pods[1], rooms[0], 'guest'),
    await enter(platform, pods[0], rooms[0], 'broadcaster'),
    await enter(platform, pods[0], rooms[0], 'bridge'),
    await enter(platform, pods[0], rooms[1], 'guest'),
  ];
  const roomIds = [rooms[1].roomId, `room_${randomUUID()}`, rooms[0].roomId];
  await eventually(async () => expect((await events.countViewers({ roomIds })).viewers).toEqual([1, 0, 3]));
  for (const { socket } of sockets) socket.leave();
  await eventually(async () => expect((await events.countViewers({ roomIds })).viewers).toEqual([0, 0, 0]));
  expect(await events.countViewers({ roomIds: [] })).toMatchObject({ viewers: [] });
});

test('a whole directory is counted at once', async () => {
  const room = await platform.neighbours.newRoom();
  const { socket } = await enter(platform, pods[0], room, 'guest');
  const others = Array.from({ length: COUNTED_ROOMS_MAX - 1 }, () => `room_${randomUUID()}`);
  await eventually(async () => {
    const { viewers } = await events.countViewers({ roomIds: [...others, room.roomId] });
    expect(viewers).toEqual([...others.map(() => 0), 1]);
  });
  socket.leave();
});

test('more rooms than may be counted at once are refused', async () => {
  const roomIds = Array.from({ length: COUNTED_ROOMS_MAX + 1 }, () => 'room');
  await expect(events.countViewers({ roomIds })).rejects.toMatchObject({ code: 'too_many_rooms' });
});
