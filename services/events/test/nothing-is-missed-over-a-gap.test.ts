import { expect, test } from '@jest/globals';
import { eventually } from '@nightjar/testkit/eventually';
import { enter, newLine, newTip } from './events-under-test.ts';
import { onTwoPods, platform, pods, room } from './two-pods.ts';

onTwoPods();

test('a line said on one pod is heard on the other, with the same place', async () => {
  const speaker = await enter(platform, pods[0], room, 'viewer');
  const listener = await enter(platform, pods[1], room, 'guest');
  const line = newLine();
  speaker.socket.say(line);
  const posted = await speaker.socket.next('posted');
  const heard = await listener.socket.next('entry', (entry) => entry.kind === 'chat');
  expect(heard).toMatchObject({ id: line.id, offset: posted.offset, body: line.body });
});

test('a tip reaches every socket of the room once, and the receipt its viewer', async () => {
  const viewer = await enter(platform, pods[0], room, 'viewer');
  const bridge = await enter(platform, pods[1], room, 'bridge');
  const tip = newTip();
  viewer.socket.say(tip);
  expect(await viewer.socket.next('receipt')).toMatchObject({ tipId: tip.id, held: true, seq: '1' });
  const entry = await bridge.socket.next('entry', (each) => each.kind === 'tip');
  expect(entry).toMatchObject({ tipId: tip.id, amount: '25', from: viewer.welcome.pseudonym });
  expect(entry).toHaveProperty('item.effect.durationMs', 1_000);
});

test('a client that comes back gets what it missed, in order and once, and nothing else', async () => {
  const first = await enter(platform, pods[0], room, 'viewer');
  const speaker = await enter(platform, pods[1], room, 'viewer');
  speaker.socket.say(newLine());
  const seen = await first.socket.next('entry', (entry) => entry.kind === 'chat');
  first.socket.leave();
  await first.socket.closed;
  const missed = [newLine(), newLine(), newLine()];
  for (const line of missed) {
    speaker.socket.say(line);
    await speaker.socket.next('posted');
  }
  const { epoch } = first.welcome;
  const back = await enter(platform, pods[0], room, 'viewer', { epoch, offset: seen.offset });
  expect(back.welcome).toMatchObject({ recovered: true, from: seen.offset + 1 });
  for (const [i, line] of missed.entries()) {
    const entry = await back.socket.next('entry');
    expect(entry).toMatchObject({ offset: seen.offset + 1 + i, id: line.id });
  }
});

test('a place that the log does not have is said to be lost, with a snapshot instead', async () => {
  const { socket, welcome } = await enter(platform, pods[0], room, 'viewer', { epoch: 'another', offset: 3 });
  expect(welcome.recovered).toBe(false);
  expect(welcome.snapshot.menu?.items.map(({ itemId }) => itemId)).toEqual(['buzz']);
  expect(welcome.snapshot.show?.state).toBe('started');
  socket.leave();
});

test('an event that the bus lost is asked of its source before the next one is logged', async () => {
  const viewer = await enter(platform, pods[0], room, 'viewer');
  const bridge = await enter(platform, pods[1], room, 'bridge');
  const [lost, told] = [newTip(), newTip()];
  platform.neighbours.tips.publish = false;
  viewer.socket.say(lost);
  await viewer.socket.next('receipt');
  platform.neighbours.tips.publish = true;
  viewer.socket.say(told);
  const heard = [await bridge.socket.next('entry', tipOnly), await bridge.socket.next('entry', tipOnly)];
  expect(heard.map((entry) => entry.kind === 'tip' && entry.tipId)).toEqual([lost.id, told.id]);
});

test('events that come the other way round are logged by their numbers, and nobody is asked', async () => {
  const viewer = await enter(platform, pods[0], room, 'viewer');
  const { tips } = platform.neighbours;
  const [first, second, third] = [newTip(), newTip(), newTip()];
  viewer.socket.say(first);
  await viewer.socket.next('entry', tipOnly);
  const asked = tips.lists;
  tips.holdBack = true;
  for (const tip of [second, third]) {
    viewer.socket.say(tip);
    await viewer.socket.next('receipt', ({ tipId }) => tipId === tip.id);
  }
  tips.holdBack = false;
  // At one moment, as two pods would.
  await Promise.all(
    tips.heldBack
      .splice(0)
      .reverse()
      .map((publish) => publish()),
  );
  const heard = [await viewer.socket.next('entry', tipOnly), await viewer.socket.next('entry', tipOnly)];
  expect(heard.map((entry) => entry.kind === 'tip' && entry.tipId)).toEqual([second.id, third.id]);
  expect(tips.lists).toBe(asked);
});

test('an event of a later version takes its number and no place, and what comes after it is logged', async () => {
  const { socket, welcome } = await enter(platform, pods[0], room, 'viewer');
  await platform.neighbours.unheardOf(room.roomId);
  await platform.neighbours.face(room.roomId, 'Later', []);
  expect(await socket.next('entry', ({ offset }) => offset > welcome.offset)).toMatchObject({
    kind: 'room',
    title: 'Later',
    offset: welcome.offset + 1,
  });
});

test('a log too far behind for its source starts over in a new epoch, and says so', async () => {
  const viewer = await enter(platform, pods[0], room, 'viewer');
  const { tips } = platform.neighbours;
  const [logged, lost, gone, told] = [newTip(), newTip(), newTip(), newTip()];
  viewer.socket.say(logged);
  await viewer.socket.next('entry', tipOnly);
  tips.publish = false;
  for (const tip of [lost, gone]) {
    viewer.socket.say(tip);
    await viewer.socket.next('receipt', ({ tipId }) => tipId === tip.id);
  }
  tips.publish = true;
  tips.keptAfter = 2n;
  viewer.socket.say(told);
  const again = await viewer.socket.next('welcome', ({ epoch }) => epoch !== viewer.welcome.epoch);
  tips.keptAfter = 0n;
  expect(again.recovered).toBe(false);
  await eventually(async () => {
    const { welcome } = await enter(platform, pods[1], room, 'guest');
    expect(welcome.snapshot.tips.map(({ tipId }) => tipId)).toEqual([gone.id, told.id]);
  });
});

test('an emptied Redis is a new epoch: sockets start from a snapshot that has the held tips, and go on', async () => {
  const viewer = await enter(platform, pods[0], room, 'viewer');
  const tip = newTip();
  viewer.socket.say(tip);
  await viewer.socket.next('entry', tipOnly);
  await platform.redis.kill();
  await platform.redis.restart();
  // Whatever happens next in the room shows the pods that the log is another one.
  const other = await enter(platform, pods[1], room, 'viewer');
  other.socket.say(newLine());
  const again = await viewer.socket.next('welcome', ({ epoch }) => epoch !== viewer.welcome.epoch);
  expect(again.recovered).toBe(false);
  expect(again.snapshot.tips.map(({ tipId }) => tipId)).toEqual([tip.id]);
  const line = newLine();
  viewer.socket.say(line);
  await other.socket.next('entry', (entry) => entry.kind === 'chat' && entry.id === line.id);
});

test('a client that was told of a new epoch goes on in it on a pod that was not', async () => {
  const there = await enter(platform, pods[0], room, 'viewer');
  const late = await enter(platform, pods[1], room, 'viewer');
  await platform.forgetLog(room.roomId);
  const told = await enter(platform, pods[0], room, 'viewer');
  const { epoch, offset } = told.welcome;
  expect(epoch).not.toBe(there.welcome.epoch);
  const back = await enter(platform, pods[1], room, 'viewer', { epoch, offset });
  expect(back.welcome).toMatchObject({ epoch, recovered: true, from: offset + 1 });
  expect((await late.socket.next('welcome')).recovered).toBe(false);
});

function tipOnly(entry: { kind: string }): boolean {
  return entry.kind === 'tip';
}
