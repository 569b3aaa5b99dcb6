import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { busyHistory, history, MachineWorld } from '../../test/support/machine-world.ts';

const RUNS = Number(process.env.NIGHTJAR_PROPERTY_RUNS ?? 1_500);
/** The same histories each time; another number, and more runs, look further. */
const SEED = Number(process.env.NIGHTJAR_PROPERTY_SEED ?? 628_180_392);

test('no history of hands, tips, permits, losses and clocks breaks a rule', () => {
  const seen: Record<string, number> = {};
  fc.assert(
    fc.property(history, (commands) => {
      const world = new MachineWorld();
      for (const command of commands) world.run(command);
      for (const [what, times] of Object.entries(world.oracle.seen)) seen[what] = (seen[what] ?? 0) + times;
    }),
    { numRuns: RUNS, seed: SEED },
  );
  // A suite in which nothing moves would pass as well.
  for (const [what, times] of Object.entries(seen)) expect([what, times > RUNS / 20]).toEqual([what, true]);
}, 60_000);

test('no run of tips gets past what the envelope leaves', () => {
  let drives = 0;
  fc.assert(
    fc.property(busyHistory, (commands) => {
      const world = new MachineWorld();
      for (const command of commands) world.run(command);
      drives += world.oracle.seen.drives;
    }),
    { numRuns: RUNS / 10, seed: SEED },
  );
  expect(drives).toBeGreaterThan(RUNS);
}, 60_000);
