import { expect, test } from '@jest/globals';
import { Problem } from '@nightjar/kit/problem';
import { gather } from './gather.ts';

/** A call that ends when it is told to. */
function stage(batchMax = 10, callsMax = 1, waitingMax = 100) {
  const calls: { batch: readonly string[]; end(): void; fail(error: unknown): void }[] = [];
  const send = gather<string, string>({
    run: (batch) =>
      new Promise((resolve, reject) => {
        calls.push({ batch, end: () => resolve(batch.map((item) => item.toUpperCase())), fail: reject });
      }),
    keys: (item) => [...item],
    batchMax,
    callsMax,
    waitingMax,
  });
  return { calls, send };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the first goes at once and alone; what comes meanwhile goes together', async () => {
  const { calls, send } = stage();
  const answers = ['a', 'b', 'c'].map(send);
  expect(calls.map(({ batch }) => batch)).toEqual([['a']]);
  calls[0]?.end();
  await settled();
  expect(calls.map(({ batch }) => batch)).toEqual([['a'], ['b', 'c']]);
  calls[1]?.end();
  expect(await Promise.all(answers)).toEqual(['A', 'B', 'C']);
});

test('items that share a key never go together, and none overtakes its twin', async () => {
  const { calls, send } = stage();
  const answers = ['x', 'ab', 'bc', 'cd', 'e'].map(send);
  for (let i = 0; i < 4; i++) {
    calls[i]?.end();
    await settled();
  }
  expect(calls.map(({ batch }) => batch)).toEqual([['x'], ['ab', 'e'], ['bc'], ['cd']]);
  expect(await Promise.all(answers)).toEqual(['X', 'AB', 'BC', 'CD', 'E']);
});

test('neither batches nor calls nor the queue grow beyond their limits', async () => {
  const { calls, send } = stage(2, 2, 3);
  const answers = ['a', 'b', 'c', 'd', 'e'].map(send);
  await expect(send('f')).rejects.toMatchObject({ code: 'overloaded' });
  expect(calls.map(({ batch }) => batch)).toEqual([['a'], ['b']]);
  for (let i = 0; i < 4; i++) {
    calls[i]?.end();
    await settled();
  }
  expect(calls.map(({ batch }) => batch)).toEqual([['a'], ['b'], ['c', 'd'], ['e']]);
  await Promise.all(answers);
});

test('one bad item fails alone', async () => {
  const { calls, send } = stage();
  const answers = ['a', 'b', 'c'].map(send);
  calls[0]?.end();
  await settled();
  calls[1]?.fail(new Error('c is bad'));
  await settled();
  calls[2]?.end();
  await settled();
  calls[3]?.fail(new Error('c is bad'));
  expect(await Promise.allSettled(answers)).toMatchObject([
    { value: 'A' },
    { value: 'B' },
    { reason: { message: 'c is bad' } },
  ]);
});

test('a problem is everybody`s, and nobody is tried again', async () => {
  const { calls, send } = stage();
  const answers = ['a', 'b', 'c'].map(send);
  calls[0]?.end();
  await settled();
  calls[1]?.fail(new Problem('unavailable', 'unavailable', 'away'));
  const ends = await Promise.allSettled(answers);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(calls).toHaveLength(2);
});
