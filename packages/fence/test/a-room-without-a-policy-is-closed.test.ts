import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LogFields } from '@nightjar/kit/log';
import { makePolicyKeys } from '../src/node/policy-keys.ts';
import { eventually, FRANCE, GERMANY, NOT_GERMANY, newRoom, OPEN, watching } from './watching.ts';

const stack = new AsyncDisposableStack();
let bus: Awaited<ReturnType<typeof watching>>;
beforeAll(async () => {
  bus = stack.use(await watching());
});
afterAll(() => stack.disposeAsync());

function keptLog() {
  const codes: (string | undefined)[] = [];
  const keep = (_event: string, fields?: LogFields) => void codes.push(fields?.code);
  return { codes, log: { debug() {}, info() {}, warn: keep, error: keep } };
}

test('refused: before the bucket was read, and afterwards where no policy was published', async () => {
  const room = newRoom();
  await bus.publish(room, 1, OPEN);
  await using watch = await bus.watch();
  expect([watch.ready(), watch.decide(room, FRANCE)]).toEqual([false, 'refused']);
  await eventually(() => expect(watch.ready()).toBe(true));
  expect(watch.decide(room, FRANCE)).toBe('allowed');
  expect(watch.decide(newRoom(), FRANCE)).toBe('refused');
});

test('refused: a policy by another key, for another room, altered, or no policy at all', async () => {
  const { codes, log } = keptLog();
  await using watch = await bus.watch(bus.publicFile, log);
  await using stranger = await bus.watch(makePolicyKeys(Date.now()).publicFile);
  const bucket = await bus.bucket();
  const [good, other, altered, garbage] = [newRoom(), newRoom(), newRoom(), newRoom()];
  const bytes = await bus.signed(good, 1, OPEN);
  await bucket.put(good, bytes);
  await bucket.put(other, bytes);
  const flipped = await bus.signed(altered, 1, OPEN);
  flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
  await bucket.put(altered, flipped);
  await bucket.put(garbage, 'not a policy');
  await eventually(() => expect(watch.decide(good, FRANCE)).toBe('allowed'));
  await eventually(() =>
    expect(codes).toEqual(expect.arrayContaining(['wrong_room', 'bad_signature', 'malformed'])),
  );
  for (const room of [other, altered, garbage]) expect(watch.decide(room, FRANCE)).toBe('refused');
  await eventually(() => expect(stranger.ready()).toBe(true));
  expect(stranger.decide(good, FRANCE)).toBe('refused');
});

test('an older version is refused, however it comes back', async () => {
  const { codes, log } = keptLog();
  await using watch = await bus.watch(bus.publicFile, log);
  const room = newRoom();
  await bus.publish(room, 7, NOT_GERMANY);
  await eventually(() => expect(watch.decide(room, FRANCE)).toBe('allowed'));
  await bus.publish(room, 6, OPEN);
  await eventually(() => expect(codes).toContain('older_version'));
  expect(watch.decide(room, GERMANY)).toBe('refused');
});

test('two keys are trusted while they rotate', async () => {
  const room = newRoom();
  await bus.publish(room, 1, OPEN);
  await using watch = await bus.watch(`# the next one\n${makePolicyKeys(0).publicFile}\n${bus.publicFile}`);
  await eventually(() => expect(watch.decide(room, FRANCE)).toBe('allowed'));
});

test('text that is no keys is refused at once', async () => {
  for (const text of ['', '# nothing', 'fence-1 short', `${bus.publicFile}${bus.publicFile}`])
    await expect(bus.watch(text)).rejects.toMatchObject({ name: 'FenceError', code: 'malformed' });
});
