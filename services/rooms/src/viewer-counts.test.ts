import { expect, test } from '@jest/globals';
import type { CountViewersResponse } from '@nightjar/contracts/gen/events/v1/events_pb';
import { VIEWERS_FRESH_MS, VIEWERS_KNOWN_MS } from './limits.ts';
import { viewerCounts } from './viewer-counts.ts';

/** Events whose answers the test gives, and a clock that it moves. */
function counting() {
  const asked: PromiseWithResolvers<CountViewersResponse>[] = [];
  let nowMs = 0;
  const countViewers = () => {
    const answer = Promise.withResolvers<CountViewersResponse>();
    asked.push(answer);
    return answer.promise;
  };
  const counted = viewerCounts({ countViewers }, { mono: () => nowMs, wall: () => nowMs });
  return {
    asked,
    answer: (...viewers: number[]) => asked.at(-1)?.resolve({ viewers } as unknown as CountViewersResponse),
    read: async () => [...(await counted(['room_a', 'room_b']))],
    later: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('while events does not answer nobody waits for long, and what was known is shown until it is too old', async () => {
  const { asked, answer, read, later } = counting();
  expect(await read()).toEqual([]);
  answer(3, 0);
  const known = [
    ['room_a', 3],
    ['room_b', 0],
  ];
  expect(await read()).toEqual(known);
  later(VIEWERS_FRESH_MS - 1);
  expect(await read()).toEqual(known);
  expect(asked).toHaveLength(1);
  later(1);
  // Asked anew, and shown as known meanwhile.
  expect(await read()).toEqual(known);
  expect(asked).toHaveLength(2);
  later(VIEWERS_KNOWN_MS);
  expect(await read()).toEqual([]);
  asked.at(-1)?.reject(new Error('away'));
  expect(await read()).toEqual([]);
  later(VIEWERS_FRESH_MS);
  const reading = read();
  answer(4, 1);
  expect((await reading)[0]).toEqual(['room_a', 4]);
});

test('an answer that is short leaves counts out and invents none', async () => {
  const { answer, read } = counting();
  const reading = read();
  answer(5);
  expect(await reading).toEqual([['room_a', 5]]);
});
