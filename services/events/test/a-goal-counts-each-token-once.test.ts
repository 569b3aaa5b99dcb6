import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { eventually } from '@nightjar/testkit/eventually';
import { enter, newPlainTip, newTip, type TestSocket } from './events-under-test.ts';
import { onTwoPods, platform, pods, room } from './two-pods.ts';

onTwoPods();

const newGoal = () => ({ goalId: `goal_${randomUUID()}`, title: 'A longer show', amount: 500n });
async function setGoal(socket: TestSocket, goal: ReturnType<typeof newGoal> | undefined): Promise<void> {
  await platform.neighbours.goal(room.roomId, goal);
  await socket.next('entry', ({ kind }) => kind === 'goal');
}

async function snapshot() {
  const { socket, welcome } = await enter(platform, pods[1], room, 'guest');
  socket.leave();
  return welcome.snapshot;
}
const reached = async () => (await snapshot()).goal?.reached;

async function paid(socket: TestSocket, amount: string): Promise<void> {
  const tip = newPlainTip(amount);
  socket.say(tip);
  await socket.next('entry', (entry) => entry.kind === 'tip' && entry.tipId === tip.id);
}

async function held(socket: TestSocket): Promise<string> {
  const tip = newTip();
  socket.say(tip);
  await socket.next('entry', (entry) => entry.kind === 'tip' && entry.tipId === tip.id);
  return tip.id;
}

async function settle(socket: TestSocket, tipId: string, settled: bigint): Promise<void> {
  await platform.neighbours.settled(room.roomId, tipId, settled, 25n - settled);
  await socket.next('entry', (entry) => entry.kind === 'settled' && entry.tipId === tipId);
}

test('what is settled since the goal was set counts, once: paid at once, or the settled share of what was held', async () => {
  const { socket } = await enter(platform, pods[0], room, 'viewer');
  await paid(socket, '7');
  const early = await held(socket);
  const goal = newGoal();
  await setGoal(socket, goal);
  expect((await snapshot()).goal).toMatchObject({
    goal: { goalId: goal.goalId, title: goal.title, amount: '500' },
    reached: '0',
  });
  await paid(socket, '30');
  const late = await held(socket);
  expect(await reached()).toBe('30');
  await settle(socket, early, 25n);
  await settle(socket, late, 10n);
  expect(await reached()).toBe('65');
  const unspent = await held(socket);
  await settle(socket, unspent, 0n);
  expect(await reached()).toBe('65');
});

test('an event that comes twice, or comes after one that came too early, counts once', async () => {
  const { tips } = platform.neighbours;
  const { socket } = await enter(platform, pods[0], room, 'viewer');
  await setGoal(socket, newGoal());
  tips.holdBack = true;
  const [first, second, third] = [newPlainTip('1'), newPlainTip('20'), newPlainTip('300')];
  for (const tip of [first, second, third]) {
    socket.say(tip);
    await socket.next('receipt', ({ tipId }) => tipId === tip.id);
  }
  tips.holdBack = false;
  const publish = tips.heldBack.splice(0).reverse();
  await Promise.all([...publish, ...publish].map((each) => each()));
  for (const tip of [first, second, third])
    await socket.next('entry', (entry) => entry.kind === 'tip' && entry.tipId === tip.id);
  expect(await reached()).toBe('321');
});

test('a new goal begins at nothing, and without one nothing is kept', async () => {
  const { socket } = await enter(platform, pods[0], room, 'viewer');
  await setGoal(socket, newGoal());
  await paid(socket, '40');
  expect(await reached()).toBe('40');
  await setGoal(socket, newGoal());
  expect(await reached()).toBe('0');
  await setGoal(socket, undefined);
  await paid(socket, '5');
  expect(await snapshot()).not.toHaveProperty('goal');
});

test('a lost Redis costs nothing of it: what was settled since is counted again from the ledger', async () => {
  const { socket } = await enter(platform, pods[0], room, 'viewer');
  await paid(socket, '100');
  await setGoal(socket, newGoal());
  await paid(socket, '11');
  const tipId = await held(socket);
  await settle(socket, tipId, 25n);
  await platform.redis.kill();
  await platform.redis.restart();
  await eventually(async () => expect(await reached()).toBe('36'));
});

test('a new title and tags are an entry, and in the snapshot', async () => {
  const { socket, welcome } = await enter(platform, pods[0], room, 'viewer');
  expect(welcome.snapshot.room).toMatchObject({ kind: 'room', title: 'A room', tags: ['quiet'] });
  await platform.neighbours.face(room.roomId, 'Another', ['late', 'loud']);
  expect(
    await socket.next(
      'entry',
      ({ kind, ...rest }) => kind === 'room' && 'title' in rest && rest.title === 'Another',
    ),
  ).toMatchObject({
    tags: ['late', 'loud'],
  });
  expect((await snapshot()).room).toMatchObject({ title: 'Another', tags: ['late', 'loud'] });
});
