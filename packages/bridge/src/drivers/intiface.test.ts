import { beforeEach, expect, test } from '@jest/globals';
import { FakeEngine } from '../../test/support/fake-engine.ts';
import { FakeTime, settle } from '../../test/support/fake-time.ts';
import { DriverRefusal } from '../device-problems.ts';
import type { DeviceLink } from '../driver.ts';
import { Lease } from '../machine/lease.ts';
import { Permit } from '../machine/permit.ts';
import { intifaceDriver } from './intiface.ts';

let engine: FakeEngine;
let time: FakeTime;
let downs: string[];
let abort: AbortController;

beforeEach(() => {
  engine = new FakeEngine();
  time = new FakeTime();
  downs = [];
  abort = new AbortController();
});

const open = (): Promise<DeviceLink> =>
  intifaceDriver({ url: 'ws://x', connect: engine.connect, timers: time }).open(
    { down: (detail) => downs.push(detail) },
    abort.signal,
  );

function lease(): Lease {
  const permit = Permit.from({ n: 1, sentMono: 0 }, { n: 1, forMs: 600, serverMs: 0 }, 1);
  const granted = Lease.grant(permit, 1);
  if (granted === undefined) throw new Error('a live permit gives a lease');
  return granted;
}

const vibrate = (link: DeviceLink, level: number) =>
  link.drive({ lease: lease(), level, outputs: link.outputs.filter(({ kind }) => kind === 'vibrate') });

test('it takes what it knows of the devices, and asks for a renewal well within the ping time', async () => {
  const link = await open();
  expect(link.name).toBe('Lovense Hush');
  expect(link.keepAliveMs).toBe(200);
  expect(link.outputs).toEqual([
    { id: '3/0/vibrate', kind: 'vibrate', steps: 20 },
    { id: '3/1/rotate', kind: 'rotate', steps: 10 },
    { id: '3/1/position', kind: 'position', steps: 100 },
  ]);
});

test.each([0, 501, -1])('a max ping time of %d is refused, and the socket closed', async (maxPingTime) => {
  engine.maxPingTime = maxPingTime;
  await expect(open()).rejects.toThrow(DriverRefusal);
  expect(engine.closed).toBe(1);
  // A link that was never handed over is not lost: that would hide why it was refused.
  expect(downs).toEqual([]);
});

test.each([1, 500])('a max ping time of %d is taken', async (maxPingTime) => {
  engine.maxPingTime = maxPingTime;
  expect((await open()).keepAliveMs).toBe(maxPingTime === 1 ? 1 : 200);
});

test('another version of the protocol is refused', async () => {
  engine.version = 3;
  await expect(open()).rejects.toThrow(/version 3/);
});

test('a drive carries a ping, rounds down, and says a level once', async () => {
  const link = await open();
  engine.names();
  await vibrate(link, 0.799);
  expect(engine.heard[0]?.fields).toMatchObject({
    DeviceIndex: 3,
    FeatureIndex: 0,
    Command: { Vibrate: { Value: 15 } },
  });
  expect(engine.names()).toEqual(['OutputCmd', 'Ping']);
  await vibrate(link, 0.76);
  expect(engine.names()).toEqual(['Ping']);
});

test('the write is on the socket when drive returns', async () => {
  const link = await open();
  engine.names();
  void vibrate(link, 1);
  expect(engine.names()).toEqual(['OutputCmd', 'Ping']);
});

test('without a real lease nothing is written', async () => {
  const link = await open();
  engine.names();
  const forged = { untilMono: 1e9, isLive: () => true } as unknown as Lease;
  expect(() => link.drive({ lease: forged, level: 1, outputs: link.outputs })).toThrow(TypeError);
  expect(() => link.keepAlive(forged)).toThrow(TypeError);
  expect(engine.names()).toEqual([]);
});

test('a stop goes two ways, one after the other, and after it a level is said anew', async () => {
  const link = await open();
  await vibrate(link, 1);
  engine.names();
  await link.stop();
  expect(engine.heard[1]?.fields).toMatchObject({ Command: { Vibrate: { Value: 0 } } });
  expect(engine.names()).toEqual(['StopCmd', 'OutputCmd']);
  await vibrate(link, 1);
  expect(engine.names()).toEqual(['OutputCmd', 'Ping']);
});

test('a stop that the engine does not answer is not confirmed', async () => {
  const link = await open();
  engine.silent = ['StopCmd'];
  let confirmed = false;
  void link.stop().then(() => {
    confirmed = true;
  });
  await settle();
  expect(confirmed).toBe(false);
});

test('a command that the engine refuses rejects', async () => {
  const link = await open();
  engine.failing = ['OutputCmd'];
  await expect(vibrate(link, 1)).rejects.toThrow('no such device');
});

test.each([
  ['the socket closes', () => engine.cut(), 'closed'],
  ['a device goes', () => engine.vanish(), 'gone'],
  [
    'the engine got no ping',
    () => engine.say({ Error: { Id: 0, ErrorMessage: 'Ping', ErrorCode: 2 } }),
    'ping',
  ],
  ['the engine says nonsense', () => engine.say('nonsense'), 'closed'],
])('%s: told at once, and the socket is closed', async (_what, happens, word) => {
  await open();
  happens();
  expect(downs[0]).toContain(word);
  expect(engine.closed).toBeGreaterThan(0);
});

test('a device that is not there yet is looked for, on a link that is kept alive and carries nothing else', async () => {
  engine.devices = {};
  const opened = open();
  await time.run(3_000);
  expect(new Set(engine.names())).toEqual(
    new Set(['RequestServerInfo', 'RequestDeviceList', 'StartScanning', 'Ping']),
  );
  engine.appear();
  const link = await opened;
  expect(link.outputs).toHaveLength(3);
  engine.names();
  await time.run(3_000);
  expect(engine.names()).toEqual([]);
});

test('a search ends after a while, or with the socket, or when nobody wants it any more', async () => {
  engine.devices = {};
  const late = open();
  const told = expect(late).rejects.toThrow('no device was found');
  await time.run(10_000);
  await told;

  const cut = open();
  const toldCut = expect(cut).rejects.toThrow('closed');
  await settle();
  engine.cut();
  await toldCut;
  expect(downs).toEqual([]);
  const before = engine.closed;
  void open().catch(() => {});
  await settle();
  abort.abort();
  expect(engine.closed).toBeGreaterThan(before);
});
