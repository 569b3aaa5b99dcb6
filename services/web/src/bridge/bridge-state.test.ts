import { expect, test } from '@jest/globals';
import type { BridgeView } from '@nightjar/bridge/view';
import { type BridgeState, ended, OFF, starting, told } from './bridge-state.ts';
import { pageProblem } from './problems.ts';

const VIEW: BridgeView = {
  arm: { phase: 'latched', why: 'start' },
  device: 'down',
  server: 'up',
  permit: false,
  queued: 0,
};
const OPEN = {
  device: 'ready',
  deviceName: 'Lovense Hush',
  outputs: [{ id: 'a', kind: 'vibrate', steps: 20 }],
} as const;
const ARMED: BridgeView = {
  ...VIEW,
  ...OPEN,
  arm: { phase: 'armed' },
  permit: true,
  stop: { sentWall: 5, answered: true },
};

const STARTED = starting(OFF, { driver: 'intiface', url: 'ws://127.0.0.1:12345' });

function viewed(...views: BridgeView[]): BridgeState {
  return views.reduce((state, view) => told(state, { is: 'view', view }, 9), STARTED);
}

const lines = ({ log }: BridgeState) => log.map(({ is }) => is);

test('what happens is a line of the log, once', () => {
  const state = viewed(VIEW, ARMED, ARMED, {
    ...VIEW,
    arm: { phase: 'latched', why: 'panic' },
    stop: { sentWall: 7, answered: false },
  });
  expect(lines(state)).toEqual(['stop_sent', 'armed', 'device_open', 'stop_sent', 'latched', 'device_lost']);
});

test('a stop is sent at its own time, and answered when it is', () => {
  const sent = { ...ARMED, stop: { sentWall: 7, answered: false } };
  expect(viewed(ARMED, sent).log.at(-1)).toEqual({ is: 'stop_sent', atMs: 7, answered: false });
  const state = viewed(ARMED, sent, { ...sent, stop: { sentWall: 7, answered: true } });
  expect(state.log.filter(({ atMs }) => atMs === 7)).toEqual([{ is: 'stop_sent', atMs: 7, answered: true }]);
});

test('a device that does not open says why, and arming takes the problem away', () => {
  const refused: BridgeView = {
    ...VIEW,
    arm: { phase: 'latched', why: 'device_refused' },
    deviceProblem: 'ping_time',
  };
  const state = viewed(VIEW, refused);
  expect(state.problem?.code).toBe('ping_time');
  expect(told(state, { is: 'view', view: ARMED }, 9).problem).toBeUndefined();
});

test('a device of which nothing can be driven is told as such, and no other', () => {
  const nothing: BridgeView = {
    ...VIEW,
    ...OPEN,
    outputs: [],
    arm: { phase: 'latched', why: 'device_refused' },
  };
  expect(viewed(VIEW, nothing).problem?.code).toBe('no_safe_output');
  expect(viewed(VIEW, { ...VIEW, arm: { phase: 'latched', why: 'device_refused' } }).problem).toBeUndefined();
});

test('a bridge that is gone is not armed, whatever it said last, and what moved is not known to rest', () => {
  const moving = told(viewed(ARMED), { is: 'level', atMs: 1, level: 0.5 }, 9);
  const dead = ended(moving, 'dead', 9, pageProblem('bridge_silent'));
  expect(dead).toMatchObject({ phase: 'dead', level: 0, lost: true, problem: { code: 'bridge_silent' } });
  expect(dead.view).toMatchObject({
    arm: { phase: 'latched' },
    device: 'down',
    server: 'down',
    permit: false,
  });
});

test('the card of a device knows its name', () => {
  const state = viewed({ ...ARMED, deviceName: 'Satisfyer Curvy 2+' });
  expect(state.stopsWhen.at(-1)?.ending).toBe('runs_on');
});

test('the log has an end', () => {
  let state = STARTED;
  for (let i = 0; i < 300; i += 1)
    state = told(state, { is: 'problem', problem: pageProblem('bridge_fault') }, i);
  expect([state.log.length, state.log.at(-1)?.atMs]).toEqual([100, 299]);
});
