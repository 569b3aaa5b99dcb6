import { expect, test } from '@jest/globals';
import { systemClock } from '@nightjar/kit/clock';
import { silentLog } from '@nightjar/kit/log';
import { REMOVALS_MAX } from '../limits.ts';
import { startRemovals } from './removals.ts';

test('what is more than can be carried out at a time is left to a sweep, and the end waits for what is under way', async () => {
  const answers: PromiseWithResolvers<void>[] = [];
  const removed: string[] = [];
  let hints = 0;
  const removals = startRemovals({
    media: {
      async removeParticipant(_room, identity) {
        const answer = Promise.withResolvers<void>();
        answers.push(answer);
        await answer.promise;
        removed.push(identity);
      },
    },
    identitiesOf: async (roomId, pseudonym) => [{ showId: roomId, identity: pseudonym }],
    hint: () => {
      hints += 1;
    },
    clock: systemClock,
    log: silentLog,
  });
  for (let i = 0; i < REMOVALS_MAX + 3; i++) removals.putOut('show_a', `pn_${i}`);
  expect(hints).toBe(3);
  const ended = removals[Symbol.asyncDispose]();
  await Promise.resolve();
  for (const answer of answers) answer.resolve();
  await ended;
  expect(removed).toHaveLength(REMOVALS_MAX);
});

test('what LiveKit does not do is left to a sweep', async () => {
  const hinted = Promise.withResolvers<void>();
  await using removals = startRemovals({
    media: { removeParticipant: () => Promise.reject(new Error('away')) },
    identitiesOf: async () => [{ showId: 'show_a', identity: 'ses_a' }],
    hint: hinted.resolve,
    clock: systemClock,
    log: silentLog,
  });
  removals.putOut('room_a', 'pn_a');
  await hinted.promise;
});
