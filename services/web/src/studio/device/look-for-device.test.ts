import { expect, test } from '@jest/globals';
import type { BridgeView } from '@nightjar/bridge/view';
import { type BridgeState, OFF } from '../../bridge/bridge-state.ts';
import { Store } from '../../lib/store.ts';
import { lookForDevice } from './look-for-device.ts';

const latched: BridgeView = {
  arm: { phase: 'latched', why: 'start' },
  device: 'down',
  server: 'up',
  permit: false,
  queued: 0,
};

function bridgeOf() {
  const state = new Store<BridgeState>({ ...OFF, phase: 'running', view: latched });
  const hands: string[] = [];
  return {
    state,
    hands,
    arm: () => hands.push('arm'),
    disarm: () => hands.push('disarm'),
    shows: (view: Partial<BridgeView>) => state.update((now) => ({ ...now, view: { ...latched, ...view } })),
  };
}

test('a device that is there is disarmed at once, and once', () => {
  const bridge = bridgeOf();
  lookForDevice(bridge);
  bridge.shows({ arm: { phase: 'arming', sinceMono: 0 }, device: 'opening' });
  expect(bridge.hands).toEqual(['arm']);
  bridge.shows({ arm: { phase: 'armed' }, device: 'ready' });
  bridge.shows({ arm: { phase: 'latched', why: 'disarmed' }, device: 'ready' });
  expect(bridge.hands).toEqual(['arm', 'disarm']);
});

test('one that is not there leaves nothing armed', () => {
  const bridge = bridgeOf();
  lookForDevice(bridge);
  bridge.shows({ arm: { phase: 'arming', sinceMono: 0 }, device: 'opening' });
  bridge.shows({ arm: { phase: 'latched', why: 'device_refused' }, device: 'down' });
  expect(bridge.hands).toEqual(['arm', 'disarm']);
});
