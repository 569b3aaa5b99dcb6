import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BridgeWorld, worldHistory } from '../test/support/bridge-world.ts';
import { makeOutcomeKey, type OutcomeKey } from './outcome.ts';

const RUNS = Number(process.env.NIGHTJAR_PROPERTY_RUNS ?? 300);
/** The same histories each time; another number, and more runs, look further. */
const SEED = Number(process.env.NIGHTJAR_PROPERTY_SEED ?? 1);

let key: OutcomeKey;
beforeAll(async () => {
  key = await makeOutcomeKey();
});

test('no misbehaving device, server, clock or crash makes the bridge break a rule at the device', async () => {
  let drives = 0;
  await fc.assert(
    fc.asyncProperty(worldHistory, async (commands) => {
      const world = new BridgeWorld(key);
      for (const command of commands) await world.run(command);
      drives += world.judge();
    }),
    { numRuns: RUNS, seed: SEED },
  );
  expect(drives).toBeGreaterThan(RUNS);
}, 60_000);
