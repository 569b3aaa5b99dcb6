import { expect, test } from '@jest/globals';
import { aTip, FakeLink } from '../../test/support/fake-link.ts';
import { FakeTime } from '../../test/support/fake-time.ts';
import { memoryStore } from '../journal.ts';
import { makeOutcomeKey } from '../outcome.ts';
import { startBridge } from '../run.ts';
import { simulatedDriver } from './simulated.ts';

test('the simulated device takes levels in its own steps, downwards, and rests when its link is cut', async () => {
  const time = new FakeTime();
  const link = new FakeLink(time);
  const levels: number[] = [];
  const driver = simulatedDriver({
    outputs: [{ id: 'v', kind: 'vibrate', steps: 3 }],
    onLevel: (_id, level) => levels.push(level),
  });
  const bridge = startBridge({
    ...{ roomId: 'room_1', driver, link, journal: memoryStore(), clock: time, timers: time },
    key: await makeOutcomeKey(),
  });
  link.up();
  bridge.arm();
  await time.run(100);
  link.tip(aTip(link));
  await time.run(300);
  expect(driver.device.levels.get('v')).toBeCloseTo(2 / 3, 6);
  expect(Math.max(...levels)).toBeLessThanOrEqual(0.8);
  driver.device.cut();
  expect(driver.device.levels.get('v')).toBe(0);
  await time.run(100);
  expect(driver.device.opened).toBe(2);
});
