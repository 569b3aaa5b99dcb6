import { expect, test } from '@jest/globals';
import { type HealthFacts, healthOf, type Reading } from './health.ts';

const limits = { wantedBits: 2_500_000, wantedFrames: 30, silenceToldMs: 15_000, settleMs: 10_000 };
const reading = (second: number, change: Partial<Reading> = {}): Reading => ({
  atMono: second * 1_000,
  bytesSent: second * 300_000,
  packetsSent: second * 300,
  packetsLost: 0,
  frames: 30,
  height: 720,
  limited: 'none',
  availableBits: 4_000_000,
  roundTripMs: 24,
  detour: false,
  ...change,
});
const facts: HealthFacts = {
  connection: 'live',
  cameraGone: false,
  microphoneGone: false,
  cameraOff: false,
  muted: false,
  withoutSound: false,
  silentMs: 0,
  liveMs: 60_000,
  readings: [reading(1), reading(2), reading(3)],
};
const say = (change: Partial<HealthFacts>) =>
  healthOf({ ...facts, ...change }, limits).map(({ text }) => text);
const withReadings = (change: Partial<Reading>) =>
  say({ readings: [1, 2, 3].map((s) => reading(s, change)) });

test('a good picture is said with its figures', () => {
  expect(say({})).toEqual(['Your picture is well: 2.4 Mbit/s, 30 pictures a second, 24 ms to the server.']);
});

test('a thin upload is said with what there is and what is wanted', () => {
  expect(withReadings({ limited: 'bandwidth', availableBits: 1_100_000 })).toEqual([
    'Your upload is thin: 1.1 of 2.5 Mbit/s. Viewers see a softer picture.',
  ]);
});

test('a line that is still being tried out, and one that could carry more, are not called thin', () => {
  const bad = [1, 2, 3].map((s) => reading(s, { limited: 'bandwidth', availableBits: 900_000 }));
  expect(say({ readings: bad, liveMs: 4_000 })[0]).toContain('is well');
  expect(withReadings({ availableBits: 900_000 })[0]).toContain('is well');
});

test('a picture that was just switched on again is not called slow', () => {
  const readings = [reading(1, { frames: 0 }), reading(2, { frames: 0 })];
  expect(say({ readings })).toEqual(['Your picture is on its way …']);
  expect(say({ readings: [...readings, reading(3, { frames: 12 })] })[0]).toContain('is well');
});

test('one bad second of several is no news', () => {
  const readings = [reading(1), reading(2), reading(3, { limited: 'bandwidth' })];
  expect(say({ readings })[0]).toContain('is well');
});

test('a computer at its limit, lost packets, a dark room and a detour are told apart', () => {
  expect(withReadings({ limited: 'cpu' })[0]).toContain('This computer is at its limit');
  const lossy = [1, 2, 3].map((s) => reading(s, { packetsLost: s * 30 }));
  expect(say({ readings: lossy })).toEqual(['Some of your picture is lost on the way: 10%.']);
  expect(withReadings({ frames: 9 })[0]).toBe('Your camera gives 9 pictures a second.');
  expect(withReadings({ detour: true })[0]).toContain('by a detour');
});

test('what went away is said before all else', () => {
  expect(say({ cameraGone: true })[0]).toBe('Your camera went away.');
  expect(say({ microphoneGone: true })[0]).toBe('Your microphone went away.');
  expect(say({ connection: 'lost' })[0]).toContain('The connection broke');
  expect(say({ muted: true })[0]).toBe('You are muted: viewers hear nothing.');
  expect(say({ silentMs: 16_000 })[0]).toBe('Nothing is heard from your microphone.');
  expect(say({ withoutSound: true, microphoneGone: true })).toHaveLength(1);
});
