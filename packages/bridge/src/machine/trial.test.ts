import { expect, test } from '@jest/globals';
import { DEFAULT_ENVELOPE, type Envelope } from './envelope.ts';
import { initialState, step } from './step.ts';
import type { Input, MachineState, Output } from './types.ts';

const OUTPUTS = [{ id: 'a', kind: 'vibrate', steps: 20 }] as const;

/** The machine with a device that is there, at `atMs` since its start. */
class Bench {
  state: MachineState;
  outputs: Output[] = [];

  constructor(envelope: Partial<Envelope> = {}) {
    this.state = initialState('room_1', [], { ...DEFAULT_ENVELOPE, ...envelope });
  }

  at(atMs: number, ...inputs: Input[]): this {
    for (const input of inputs) {
      const { state, outputs } = step(this.state, input, { mono: 1_000 + atMs, wall: 1e12 + atMs });
      this.state = state;
      this.outputs.push(...outputs);
    }
    return this;
  }

  tried(level = 0.2): this {
    return this.at(0, { is: 'trial', level }, { is: 'device_open', outputs: OUTPUTS }, { is: 'stopped' });
  }

  get said(): string[] {
    return this.outputs
      .splice(0)
      .map((output) => (output.is === 'trial' ? `trial ${output.drive.level}` : output.is));
  }
}

test('a hand moves the device gently for a second, without a server, after a stop, and it stays latched', () => {
  const bench = new Bench().tried();
  expect(bench.said).toEqual(['open_device', 'stop', 'trial 0.2']);
  for (let atMs = 50; atMs < 1_000; atMs += 50) bench.at(atMs, { is: 'tick' });
  expect(new Set(bench.said)).toEqual(new Set(['trial 0.2']));
  bench.at(1_000, { is: 'tick' });
  expect(bench.said).toEqual(['stop']);
  expect([bench.state.arm.phase, bench.state.trialEnd, bench.state.wakeMono]).toEqual([
    'latched',
    'done',
    undefined,
  ]);
});

test.each([
  ['panic', { is: 'panic' }],
  ['disarming', { is: 'disarm' }],
  ['arming', { is: 'arm' }],
] as const)('%s ends it at rest', (_what, input) => {
  const bench = new Bench().tried();
  bench.outputs = [];
  bench.at(100, input);
  expect(bench.outputs[0]?.is).toBe('stop');
  bench.at(150, { is: 'stopped' }, { is: 'tick' });
  expect(bench.said).not.toContain('trial 0.2');
});

test('another hand does not make it longer', () => {
  const bench = new Bench().tried().at(900, { is: 'trial', level: 0.2 });
  bench.at(1_001, { is: 'tick' });
  expect(bench.said.at(-1)).toBe('stop');
  expect(bench.state.trial).toBeUndefined();
});

test('the next one waits for the envelope’s cooldown', () => {
  const bench = new Bench({ cooldownMs: 500 }).tried().at(1_000, { is: 'tick' });
  bench.at(1_100, { is: 'trial', level: 0.2 }, { is: 'stopped' }).at(1_450, { is: 'tick' });
  expect(bench.said.filter((said) => said === 'trial 0.2')).toHaveLength(1);
  expect(bench.at(1_500, { is: 'tick' }).said).toEqual(['trial 0.2']);
});

test('at a level of nothing it only looks', () => {
  const bench = new Bench().tried(0);
  expect(bench.said).toEqual(['open_device', 'stop']);
  expect(bench.state.trialEnd).toBe('done');
});

test('an armed bridge takes no trial', () => {
  const bench = new Bench().at(0, { is: 'arm' }, { is: 'device_open', outputs: OUTPUTS }, { is: 'stopped' });
  bench.outputs = [];
  expect(bench.at(10, { is: 'trial', level: 0.2 }).said).toEqual([]);
});

test.each([
  ['the envelope caps it', { levelMax: 0.1 }, 'trial 0.1', undefined],
  ['a hard no is a no', { kinds: ['rotate' as const] }, 'stop', 'envelope'],
  ['what is used up is used up', { continuousMsMax: 500 }, 'stop', 'envelope'],
])('%s', (_what, envelope, said, end) => {
  const bench = new Bench(envelope).tried();
  expect(bench.said.at(-1)).toBe(said);
  expect(bench.state.trialEnd).toBe(end);
});

test('an envelope that becomes too narrow on the way ends it at rest', () => {
  const bench = new Bench().tried();
  bench.outputs = [];
  bench.at(100, { is: 'envelope', envelope: { ...DEFAULT_ENVELOPE, continuousMsMax: 300 } });
  expect([bench.said, bench.state.trialEnd]).toEqual([['stop'], 'envelope']);
});

test('a device that is refused, or that does not come, ends it', () => {
  const refused = new Bench().at(
    0,
    { is: 'trial', level: 0.2 },
    { is: 'device_down', refused: true, detail: '' },
  );
  expect(refused.state.trialEnd).toBe('no_device');
  const late = new Bench().at(0, { is: 'trial', level: 0.2 });
  for (let atMs = 500; atMs <= 10_500; atMs += 500)
    late.at(atMs, { is: 'device_down', refused: false, detail: '' }, { is: 'tick' });
  expect([late.state.trialEnd, late.state.wakeMono]).toEqual(['no_device', undefined]);
});

test.each([-0.1, 0.21, Number.NaN])('a level of %d is a fault', (level) => {
  expect(() => new Bench().at(0, { is: 'trial', level })).toThrow(RangeError);
});
