import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, FRANCE, GERMANY, NOT_GERMANY, newRoom, OPEN, watching } from './watching.ts';

const stack = new AsyncDisposableStack();
let bus: Awaited<ReturnType<typeof watching>>;
beforeAll(async () => {
  bus = stack.use(await watching());
});
afterAll(() => stack.disposeAsync());

test('of forty changes each is in force well within a second, and is told once', async () => {
  await using watch = await bus.watch();
  const room = newRoom();
  const told: string[] = [];
  await eventually(() => expect(watch.ready()).toBe(true));
  watch.onChange((roomId) => told.push(roomId));
  const took: number[] = [];
  for (let version = 1; version <= 40; version++) {
    const fenced = version % 2 === 0;
    const begin = performance.now();
    await bus.publish(room, version, fenced ? NOT_GERMANY : OPEN);
    await eventually(() => expect(watch.decide(room, GERMANY)).toBe(fenced ? 'refused' : 'allowed'));
    took.push(performance.now() - begin);
    expect(watch.decide(room, FRANCE)).toBe('allowed');
  }
  took.sort((a, b) => a - b);
  expect(took.at(-1)).toBeLessThan(500);
  await eventually(() => expect(told).toEqual(Array(40).fill(room)));
});

test('a watcher that starts late knows what was published before it', async () => {
  const rooms = Array.from({ length: 600 }, newRoom);
  await Promise.all(rooms.map((room, i) => bus.publish(room, 1, i % 2 === 0 ? OPEN : NOT_GERMANY)));
  await using watch = await bus.watch();
  await eventually(() => expect(watch.ready()).toBe(true));
  for (const [i, room] of rooms.entries())
    expect(watch.decide(room, GERMANY)).toBe(i % 2 === 0 ? 'allowed' : 'refused');
});

test('a callback that was taken back is called no more', async () => {
  await using watch = await bus.watch();
  await eventually(() => expect(watch.ready()).toBe(true));
  const told: string[] = [];
  const [first, second] = [newRoom(), newRoom()];
  {
    using _ = watch.onChange((roomId) => told.push(roomId));
    await bus.publish(first, 1, OPEN);
    await eventually(() => expect(told).toEqual([first]));
  }
  await bus.publish(second, 1, OPEN);
  await eventually(() => expect(watch.decide(second, FRANCE)).toBe('allowed'));
  expect(told).toEqual([first]);
});
