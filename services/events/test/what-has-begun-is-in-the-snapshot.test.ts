import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@nightjar/testkit/eventually';
import {
  enter,
  eventsPlatform,
  newTip,
  type Platform,
  type Pod,
  type TestSocket,
} from './events-under-test.ts';

let platform: Platform;
let pod: Pod;
let room: { roomId: string; broadcasterId: string };

beforeAll(async () => {
  platform = await eventsPlatform();
  pod = await platform.startPod();
});

afterAll(async () => {
  await pod[Symbol.asyncDispose]();
  await platform[Symbol.asyncDispose]();
});

beforeEach(async () => {
  room = await platform.neighbours.newRoom();
});

async function takeSeat(socket: TestSocket): Promise<void> {
  await eventually(async () => {
    socket.say({ t: 'seat', take: true });
    expect(await socket.next('seat')).toMatchObject({ held: true });
  });
}

async function heldTip(): Promise<string> {
  const { socket } = await enter(platform, pod, room, 'viewer');
  const tip = newTip();
  socket.say(tip);
  expect(await socket.next('receipt')).toMatchObject({ held: true });
  return tip.id;
}

const states = async () => {
  const { socket, welcome } = await enter(platform, pod, room, 'guest');
  socket.leave();
  return welcome.snapshot.tips.map(({ tipId, state }) => [tipId, state]);
};

test('a bridge that takes the seat finds in its snapshot what has begun, and the one before no longer changes it', async () => {
  const tipId = await heldTip();
  const { socket: first } = await enter(platform, pod, room, 'bridge');
  await eventually(async () => expect(await states()).toEqual([[tipId, undefined]]));
  // Without the seat nothing is heard of it.
  first.say({ t: 'progress', tipId, state: 'running' });
  await takeSeat(first);
  expect(await states()).toEqual([[tipId, undefined]]);

  first.say({ t: 'progress', tipId, state: 'running' });
  await eventually(async () => expect(await states()).toEqual([[tipId, 'running']]));

  const { socket: second, welcome } = await enter(platform, pod, room, 'bridge');
  expect(welcome.snapshot.tips).toMatchObject([{ tipId, state: 'running' }]);
  await takeSeat(second);
  first.say({ t: 'progress', tipId, state: 'paused' });
  second.say({ t: 'progress', tipId, state: 'queued' });
  // The log has the second's word and not the first's; what has begun stays so.
  await second.find(
    (message): message is Extract<typeof message, { t: 'entry' }> =>
      message.t === 'entry' && message.kind === 'progress' && message.state === 'queued',
    'progress',
  );
  expect(
    second.heard.filter((message) => message.t === 'entry' && message.kind === 'progress'),
  ).toMatchObject([{ state: 'running' }]);
  expect(await states()).toEqual([[tipId, 'running']]);
});
