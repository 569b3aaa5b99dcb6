import { expect, test } from '@jest/globals';
import { stopsWhen } from '@nightjar/bridge/stops-when';
import type { BridgeView } from '@nightjar/bridge/view';
import { type BridgeState, OFF } from '../../bridge/bridge-state.ts';
import { clock, stopWords } from './stop-words.ts';

const NOW = Date.parse('2026-11-25T14:03:30Z');
const SENT = NOW - 8_000;

const view: BridgeView = { arm: { phase: 'armed' }, device: 'ready', server: 'up', permit: true, queued: 0 };
const state: BridgeState = {
  ...OFF,
  phase: 'running',
  device: { driver: 'intiface', url: 'ws://127.0.0.1:12345' },
  view,
  stopsWhen: stopsWhen({ driver: 'intiface' }),
};
const say = (change: Partial<BridgeState>, pressedWall?: number) =>
  stopWords({ ...state, ...change }, NOW, pressedWall);
const stopped: BridgeView = {
  ...view,
  arm: { phase: 'latched', why: 'panic' },
  stop: { sentWall: SENT, answered: true },
};

test('a stop is said with the time at which it was written, and never as its effect on the device', () => {
  expect(say({ view: stopped }, SENT - 2)).toEqual({
    text: `Stop sent ${clock(SENT)}. Nothing moves until you arm it.`,
    tone: 'sent',
  });
  const unanswered = { ...stopped, stop: { sentWall: SENT, answered: false } };
  expect(say({ view: unanswered }).text).toContain('not confirmed yet');
});

test('a press is answered before its stop is known to be written', () => {
  expect(say({ level: 0.6 }, NOW - 20)).toEqual({ text: 'Stopping …', tone: 'sent' });
});

test('a lost link says since when, and calls for a hand where nobody knows that the device rests', () => {
  const lost = {
    lost: true,
    view: { ...view, device: 'down' },
    log: [{ is: 'device_lost', atMs: NOW - 2_000 }],
  } as const;
  expect(say(lost)).toEqual({
    text: 'Link lost 2 s ago. This device may not stop by itself: switch it off by hand.',
    tone: 'alarm',
  });
  expect(say({ ...lost, stopsWhen: stopsWhen({ driver: 'simulated' }) }).text).toBe(
    'Link lost 2 s ago. This device stops by itself.',
  );
});

test('what moves is said as moving, whatever else is known', () => {
  expect(say({ level: 0.4 }).tone).toBe('moving');
  expect(say({ view: { ...view, running: { tipId: 'tip_1', state: 'driving' } } }).tone).toBe('moving');
});

test('a bridge that was cut off says what its device does now', () => {
  expect(say({ phase: 'dead', lost: true })).toEqual({
    text: 'The bridge did not answer and was cut off. This device stops by itself.',
    tone: 'alarm',
  });
});

test('without a device nothing is claimed', () => {
  expect(stopWords(undefined, NOW).text).toBe('No device is connected.');
  expect(say({ view: { ...view, device: 'down', arm: { phase: 'latched', why: 'start' } } }).text).toBe(
    'Not armed. Nothing moves.',
  );
});
