import { expect, test } from '@jest/globals';
import { silentLog } from '@nightjar/kit/log';
import { startReconciler } from './reconciler.ts';

/** Sweeps that the test ends one by one. */
function sweeps() {
  const begun: PromiseWithResolvers<{ rooms: number; participants: number }>[] = [];
  const changed: string[][] = [];
  let arrived = Promise.withResolvers<void>();
  return {
    begun,
    /** The rooms that each was told of. */
    changed,
    sweep: (rooms: ReadonlySet<string>) => {
      changed.push([...rooms]);
      const one = Promise.withResolvers<{ rooms: number; participants: number }>();
      begun.push(one);
      arrived.resolve();
      arrived = Promise.withResolvers();
      return one.promise;
    },
    next: () => arrived.promise,
  };
}
const nothing = { rooms: 0, participants: 0 };

test('hints during a sweep make one more, however many they are, and sweeps never overlap', async () => {
  const { begun, changed, sweep, next } = sweeps();
  await using reconciler = startReconciler({ sweep, myTurn: async () => false, log: silentLog });
  reconciler.hint();
  await next();
  for (let i = 0; i < 50; i++) reconciler.hint(i === 7 ? 'show_7' : undefined);
  expect(begun).toHaveLength(1);
  const second = next();
  begun[0]?.resolve(nothing);
  await second;
  expect(begun).toHaveLength(2);
  expect(changed).toEqual([[], ['show_7']]);
  begun[1]?.resolve(nothing);
});

test('a failed sweep is tried again, and one that removed somebody is followed by a second', async () => {
  const { begun, sweep, next } = sweeps();
  await using reconciler = startReconciler({ sweep, myTurn: async () => false, log: silentLog });
  reconciler.hint();
  await next();
  const afterFailure = next();
  begun[0]?.reject(new Error('away'));
  await afterFailure;
  const afterRemoval = next();
  begun[1]?.resolve({ rooms: 0, participants: 1 });
  await afterRemoval;
  begun[2]?.resolve(nothing);
  expect(begun).toHaveLength(3);
});
