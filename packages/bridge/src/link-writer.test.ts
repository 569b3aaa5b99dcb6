import { beforeEach, expect, test } from '@jest/globals';
import { FakeDevice } from '../test/support/fake-device.ts';
import { FakeTime } from '../test/support/fake-time.ts';
import type { DeviceLink } from './driver.ts';
import { LinkWriter } from './link-writer.ts';
import { Lease } from './machine/lease.ts';
import { Permit } from './machine/permit.ts';
import type { Drive } from './machine/types.ts';

let time: FakeTime;
let device: FakeDevice;
let link: DeviceLink;
let writer: LinkWriter;
let told: string[];
let written: number;
let whenTold: (() => void) | undefined;
let watcherThrows: boolean;

beforeEach(async () => {
  time = new FakeTime();
  device = new FakeDevice(time);
  link = await device.open({ down: () => {} });
  told = [];
  written = 0;
  whenTold = undefined;
  watcherThrows = false;
  writer = new LinkWriter(link, time, time, {
    stopped: () => told.push('stopped'),
    lost: (detail) => told.push(`lost: ${detail}`),
    fault: (detail) => told.push(`fault: ${detail}`),
    written() {
      written += 1;
      whenTold?.();
    },
    unwritten() {
      told.push('unwritten');
      whenTold?.();
    },
    writing: () => {
      if (watcherThrows) throw new Error('no screen');
    },
  });
});

function drive(level: number): Drive {
  const { mono } = time.now();
  const permit = Permit.from({ n: 1, sentMono: mono }, { n: 1, forMs: 600, serverMs: 0 }, mono);
  const lease = Lease.grant(permit, mono);
  if (lease === undefined) throw new Error('a live permit gives a lease');
  return { lease, outputs: link.outputs, level };
}

const heard = () => device.heard.slice(1).map(({ is, level }) => (is === 'drive' ? `drive ${level}` : is));

test('the first write is made within the call', () => {
  writer.drive(drive(0.5));
  expect(heard()).toEqual(['drive 0.5']);
});

test('while one is outstanding only the newest drive waits', async () => {
  for (const level of [0.1, 0.2, 0.3]) writer.drive(drive(level));
  await time.run(10);
  expect(heard()).toEqual(['drive 0.1', 'drive 0.3']);
});

test('a stop goes before a drive that waits, and takes it away; a later drive comes after it', async () => {
  for (const level of [0.1, 0.2]) writer.drive(drive(level));
  writer.stop();
  writer.drive(drive(0.3));
  await time.run(10);
  expect(heard()).toEqual(['drive 0.1', 'stop', 'drive 0.3']);
});

test('a drive whose lease ran out while it waited becomes a stop, and that is told', async () => {
  device.answerMs = 150;
  writer.drive(drive(0.1));
  const late = drive(0.2);
  time.freeze(100);
  writer.drive(late);
  time.freeze(250);
  await time.run(150);
  expect(heard()).toEqual(['drive 0.1', 'stop']);
  expect(told).toEqual(['unwritten', 'stopped']);
});

test('the first drive after each stop is told when it is written, and none before', async () => {
  device.answerMs = 150;
  writer.stop();
  for (const level of [0.1, 0.2]) writer.drive(drive(level));
  await time.run(149);
  expect([heard(), written]).toEqual([['stop'], 0]);
  await time.run(2);
  expect([heard(), written]).toEqual([['stop', 'drive 0.2'], 1]);
  writer.drive(drive(0.3));
  await time.run(300);
  expect(written).toBe(1);
  writer.stop();
  writer.drive(drive(0.4));
  await time.run(300);
  expect([heard().at(-1), written]).toEqual(['drive 0.4', 2]);
});

test('the stop in the place of a late drive is on its way before anybody is told, and whoever is told may throw', async () => {
  let heardByThen: string[] = [];
  whenTold = () => {
    heardByThen = heard();
    time.freeze(500);
    throw new Error('disk full');
  };
  const late = drive(0.2);
  time.freeze(301);
  writer.drive(late);
  expect(heardByThen).toEqual(['stop']);
  await time.run(10);
  expect(told).toContain('fault: whoever was told threw: Error: disk full');
  writer.stop();
  await time.run(500);
  expect(heard().at(-1)).toBe('drop');
});

test('a lease that nobody renews and nobody rests is a fault: stop and drop', async () => {
  writer.drive(drive(0.5));
  await time.run(399);
  expect(told).toEqual([]);
  await time.run(10);
  expect(heard()).toEqual(['drive 0.5', 'stop', 'drop']);
  expect(told).toEqual(['fault: a lease ran out without a rest', 'stopped']);
});

test('a drive that is not answered: lost; stops are tried, then the link is dropped', async () => {
  device.writes = 'hang';
  device.stops = 'hang';
  writer.drive(drive(0.5));
  await time.run(700);
  expect(heard()).toEqual(['drive 0.5', 'stop', 'stop', 'drop']);
  expect(told).toEqual(['lost: a write was not answered in time']);
});

test('a rejected stop is written again; both rejected is a fault', async () => {
  device.stops = 'reject';
  writer.stop();
  await time.run(10);
  expect(heard()).toEqual(['stop', 'stop', 'drop']);
  expect(told).toEqual(['fault: a write was rejected: Error: rejected by the device']);
});

test('a dropped link hears nothing any more', async () => {
  await Promise.all([writer.stopAndDrop(), time.run(10)]);
  writer.drive(drive(1));
  writer.stop();
  await time.run(500);
  expect(heard()).toEqual(['stop', 'drop']);
  await writer.stopAndDrop();
});

test('a watcher that throws keeps no stop from being sent, but a drive, and is a fault', async () => {
  writer.drive(drive(0.5));
  await time.run(10);
  watcherThrows = true;
  writer.drive(drive(0.6));
  await time.run(10);
  expect(heard()).toEqual(['drive 0.5', 'stop', 'stop', 'drop']);
  expect(told[0]).toContain('fault');
});
