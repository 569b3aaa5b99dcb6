import { expect, test } from '@jest/globals';
import type { BridgeView } from '@nightjar/bridge/view';
import { type BridgeState, OFF } from '../../bridge/bridge-state.ts';
import { deviceWords, trialWords } from './device-words.ts';

const view: BridgeView = {
  arm: { phase: 'latched', why: 'start' },
  device: 'ready',
  deviceName: 'simulated device',
  server: 'up',
  permit: false,
  queued: 0,
};
const say = (change: Partial<BridgeState>, viewChange: Partial<BridgeView> = {}) =>
  deviceWords({
    ...OFF,
    phase: 'running',
    device: { driver: 'simulated' },
    view: { ...view, ...viewChange },
    ...change,
  });

test('whatever keeps a device from being driven is said, and only then arming is not offered', () => {
  expect(say({})).toEqual({
    title: 'Not armed',
    text: 'Tips wait until you arm it. Its link is opened then.',
    mayArm: true,
  });
  expect(say({}, { arm: { phase: 'latched', why: 'panic' } }).mayArm).toBe(true);
  expect(say({}, { arm: { phase: 'armed' }, permit: true })).toMatchObject({
    title: 'Armed',
    text: 'Tips move it.',
  });
  expect(say({}, { arm: { phase: 'armed' } }).text).toContain('rests');
  for (const away of [{ server: 'down' }, { arm: { phase: 'arming', sinceMono: 0 } }] as const)
    expect(say({}, away).mayArm).toBe(false);
  expect(say({ phase: 'dead' }).mayArm).toBe(false);
  expect(deviceWords(OFF).title).toBe('No device');
});

test('a device that did not open says what to do', () => {
  const problem = { code: 'ping_time', title: 'It would run on.', wayOut: 'Set it to 500 ms.' };
  const words = say({ problem }, { device: 'down', deviceProblem: 'ping_time' });
  expect(words).toEqual({ title: 'It would run on.', text: 'Set it to 500 ms.', mayArm: true });
  expect(say({}, { device: 'opening', arm: { phase: 'arming', sinceMono: 0 } }).title).toBe(
    'Looking for your device',
  );
  expect(say({}, { device: 'down', arm: { phase: 'armed' } }).title).toBe('Armed, and your device is away');
});

test('a trial says that it moves the device, and a look that it does not', () => {
  const words = (viewChange: Partial<BridgeView>) =>
    trialWords({ ...OFF, phase: 'running', view: { ...view, ...viewChange } });
  expect(words({ trial: 'moving' })).toBe('It moves gently, for a second.');
  expect(words({ device: 'opening', trial: 'waiting', deviceName: undefined as never })).toContain(
    'Nothing moves',
  );
  expect(words({ trial: 'envelope' })).toContain('rest first');
});
