import { beforeEach, expect, test } from '@jest/globals';
import { FakeTime, settle } from '../test/support/fake-time.ts';
import { DriverRefusal } from './device-problems.ts';
import { DeviceSide } from './device-side.ts';
import type { DeviceDriver, DeviceLink } from './driver.ts';
import type { Input } from './machine/types.ts';

interface Opening {
  readonly signal: AbortSignal;
  readonly down: (detail: string) => void;
  readonly resolve: (link: DeviceLink) => void;
  readonly reject: (error: Error) => void;
}

let time: FakeTime;
let openings: Opening[];
let inputs: Input[];
let side: DeviceSide;
let dropped: number;

const driver: DeviceDriver = {
  name: 'by hand',
  open: ({ down }, signal) =>
    new Promise((resolve, reject) => {
      openings.push({ signal, down, resolve, reject });
    }),
};

const aLink = (): DeviceLink => ({
  name: 'a device',
  outputs: [],
  drive: () => Promise.resolve(),
  keepAlive: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  drop: () => {
    dropped += 1;
  },
});

beforeEach(() => {
  time = new FakeTime();
  openings = [];
  inputs = [];
  dropped = 0;
  side = new DeviceSide(driver, time, time, {
    input: (input) => inputs.push(input),
    fault: () => {},
    writing: () => {},
  });
});

test('an opening that takes too long is given up, and what comes of it later is dropped', async () => {
  side.open();
  await time.run(2_001);
  expect(inputs).toEqual([
    { is: 'device_down', refused: false, detail: 'the device did not answer in time' },
  ]);
  expect(openings[0]?.signal.aborted).toBe(true);
  openings[0]?.resolve(aLink());
  await settle();
  expect(dropped).toBe(1);
  expect(inputs).toHaveLength(1);
});

test('an opening that nobody wants any more is told so', async () => {
  side.open();
  await settle();
  await side.stopAndDrop();
  expect(openings[0]?.signal.aborted).toBe(true);
  expect(inputs).toEqual([]);
});

test('a refusal is told as one, so that it is not tried again', async () => {
  side.open();
  await settle();
  openings[0]?.reject(new DriverRefusal('ping_time', 'set the ping time'));
  await settle();
  expect(inputs).toEqual([{ is: 'device_down', refused: true, detail: 'set the ping time' }]);
});

test('what an old link still says is not heard', async () => {
  side.open();
  await settle();
  openings[0]?.resolve(aLink());
  await settle();
  openings[0]?.down('cut');
  openings[0]?.down('cut again');
  expect(inputs.map(({ is }) => is)).toEqual(['device_open', 'device_down']);
  expect(side.name).toBeUndefined();
});

test('a new link is opened only after the former one is dropped', async () => {
  side.open();
  await settle();
  const slow = { ...aLink(), stop: () => new Promise<void>(() => {}) };
  openings[0]?.resolve(slow);
  await settle();
  side.stop();
  void side.stopAndDrop();
  side.open();
  await time.run(300);
  expect(openings).toHaveLength(1);
  await time.run(500);
  expect([openings.length, dropped]).toEqual([2, 1]);
});
