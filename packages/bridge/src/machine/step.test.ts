import { expect, test } from '@jest/globals';
import { DEFAULT_ENVELOPE, type Envelope } from './envelope.ts';
import type { DeviceOutput } from './kinds.ts';
import { initialState, stateAfterFault, step } from './step.ts';
import type { Input, MachineState, Output } from './types.ts';

const SERVER_MS = 1_700_000_000_000;
const VIBRATOR: DeviceOutput = { id: 'a', kind: 'vibrate', steps: 20 };

/** A machine and its time, stepped by hand, before a device that is told at once, or by `put({ is: 'written' })`. */
function machine(envelope: Envelope = DEFAULT_ENVELOPE, { writes = true } = {}) {
  let state: MachineState = initialState('room_1', [], envelope);
  let mono = 0;
  const put = (input: Input, afterMs = 0): readonly Output[] => {
    mono += afterMs;
    const result = step(state, input, { mono, wall: mono + 5 });
    state = result.state;
    if (writes && result.outputs.some((output) => output.is === 'drive')) put({ is: 'written' });
    return result.outputs;
  };
  const answer = (n: number, rttMs = 0, forMs = 600) =>
    put({ is: 'permit', answer: { n, forMs, serverMs: SERVER_MS + mono + rttMs / 2 } }, rttMs);
  const tip = (
    tipId: string,
    durationMs = 1_000,
    startInMs = 60_000,
    output: 'vibrate' | 'rotate' = 'vibrate',
    begun = false,
  ) =>
    put({
      is: 'effect',
      tip: {
        tipId,
        effect: { output, durationMs, points: [{ atMs: 0, level: 1_000 }] },
        startByMs: SERVER_MS + mono + startInMs,
        begun,
      },
    });
  const arm = (rttMs = 0) => {
    put({ is: 'server_up' });
    put({ is: 'arm' });
    put({ is: 'device_open', outputs: [VIBRATOR] });
    put({ is: 'stopped' });
    return answer(state.askedN, rttMs);
  };
  return { put, answer, tip, arm, state: () => state };
}

const kinds = (outputs: readonly Output[]) => outputs.map(({ is }) => is);
const outcomes = (outputs: readonly Output[]) =>
  outputs.flatMap((output) =>
    output.is === 'outcome' ? [`${output.body.tipId} ${output.body.result} ${output.body.reason}`] : [],
  );

test('the journal hears of an effect before the device does, in the step in which it came', () => {
  const { arm, tip } = machine();
  arm();
  expect(kinds(tip('tip_1'))).toEqual(['begun', 'drive', 'progress']);
});

test('a latched machine wants no step and does nothing by itself', () => {
  const { put, state } = machine();
  put({ is: 'server_up' });
  expect(put({ is: 'tick' }, 60_000)).toEqual([]);
  expect(state().wakeMono).toBeUndefined();
});

test('an armed machine that rests is stepped for its permits only', () => {
  const { arm, put, state } = machine();
  arm();
  put({ is: 'tick' }, 200);
  expect(state().wakeMono).toBe(400);
});

test('effects run in order, with a stop in between', () => {
  const { arm, tip, put } = machine();
  arm();
  tip('tip_1', 200);
  expect(kinds(tip('tip_2', 200))).toContain('progress');
  expect(kinds(put({ is: 'tick' }, 200))).toEqual([
    'stop',
    'outcome',
    'begun',
    'drive',
    'progress',
    'ask_permit',
  ]);
});

test('the time is too uncertain: refused, even while a permit is live', () => {
  const { arm, tip } = machine();
  arm(510);
  expect(outcomes(tip('tip_1'))).toEqual(['tip_1 refused clock_uncertain']);
});

test.each([
  ['a deadline that is over', -1, ['tip_1 expired deadline']],
  ['one that may be over, by the error of the time', 20, ['tip_1 expired deadline']],
  ['one that is surely not', 60, []],
])('%s', (_what, startInMs, told) => {
  const { arm, tip } = machine();
  arm(100);
  expect(outcomes(tip('tip_1', 1_000, startInMs))).toEqual(told);
});

test.each([
  ['longer than the envelope allows', 60_001, 'vibrate' as const, 'envelope'],
  ['an output that the device does not have', 1_000, 'rotate' as const, 'no_output'],
  ['no effect at all', 0, 'vibrate' as const, 'malformed'],
])('refused: %s', (_what, durationMs, output, reason) => {
  const { arm, tip } = machine();
  arm();
  expect(outcomes(tip('tip_1', durationMs, 60_000, output))).toEqual([`tip_1 refused ${reason}`]);
});

test('a queue that is full refuses', () => {
  const { arm, tip } = machine();
  arm();
  for (let i = 0; i <= 64; i += 1) expect(outcomes(tip(`tip_${i}`))).toEqual([]);
  expect(outcomes(tip('tip_65'))).toEqual(['tip_65 refused queue_full']);
});

test('what another bridge began is not run here, whatever the bridge would do otherwise', () => {
  const { arm, tip } = machine();
  // Latched, a new effect is refused; one that began elsewhere is partly over.
  expect(outcomes(tip('tip_1', 1_000, 60_000, 'vibrate', true))).toEqual(['tip_1 partly begun_elsewhere']);
  arm();
  const outputs = tip('tip_2', 1_000, 60_000, 'vibrate', true);
  expect(outputs).toMatchObject([{ is: 'outcome', body: { result: 'partly', ranMs: 0, durationMs: 1_000 } }]);
  expect(tip('tip_2')).toEqual([]);
  expect(kinds(tip('tip_3'))).toContain('drive');
});

test('what waits here and begins elsewhere is dropped, and what runs here goes on', () => {
  const { arm, tip, put, state } = machine();
  arm();
  tip('tip_1');
  tip('tip_2');
  tip('tip_3');
  expect(outcomes(put({ is: 'begun', tipId: 'tip_2' }))).toEqual(['tip_2 partly begun_elsewhere']);
  expect(outcomes(tip('tip_3', 1_000, 60_000, 'vibrate', true))).toEqual(['tip_3 partly begun_elsewhere']);
  // Its own word comes back to it, also in a snapshot after a new log began.
  expect(outcomes(put({ is: 'begun', tipId: 'tip_1' }))).toEqual([]);
  expect(outcomes(tip('tip_1', 1_000, 60_000, 'vibrate', true))).toEqual([]);
  expect(outcomes(put({ is: 'begun', tipId: 'tip_9' }))).toEqual([]);
  expect(state().running?.tipId).toBe('tip_1');
  expect(state().queue).toEqual([]);
});

test('a server that is back hears again of what has begun', () => {
  const { arm, tip, put } = machine();
  arm();
  tip('tip_1');
  put({ is: 'server_down' }, 100);
  const again = { is: 'progress', tip: { tipId: 'tip_1' }, state: 'paused' };
  expect(put({ is: 'server_up' }, 100)[0]).toMatchObject(again);
});

test('an effect that the envelope has no time left for waits for it, and is not cut short', () => {
  const { arm, tip, put, answer, state } = machine({ ...DEFAULT_ENVELOPE, continuousMsMax: 500 });
  arm();
  tip('tip_1', 400);
  for (let i = 0; i < 8; i += 1) put({ is: 'tick' }, 50);
  answer(state().askedN);
  expect(outcomes(tip('tip_2', 400))).toEqual([]);
  expect(state().running).toBeUndefined();
  const told: string[] = [];
  for (let i = 0; i < 20; i += 1) {
    answer(state().askedN);
    told.push(...outcomes(put({ is: 'tick' }, 50)));
  }
  expect(told).toEqual(['tip_2 ran undefined']);
});

test('a device none of whose outputs can be driven is refused, and only ever hears a stop', () => {
  const { put, state } = machine();
  put({ is: 'server_up' });
  put({ is: 'arm' });
  const outputs = put({ is: 'device_open', outputs: [{ id: 'p', kind: 'inflate', steps: 100 }] });
  expect(new Set(kinds(outputs))).toEqual(new Set(['stop']));
  expect(state().arm).toMatchObject({ phase: 'latched', why: 'device_refused' });
});

test('a tighter envelope holds from the step that brings it', () => {
  const { arm, tip, put } = machine();
  arm();
  tip('tip_1');
  const drive = put({ is: 'envelope', envelope: { ...DEFAULT_ENVELOPE, levelMax: 0.1 } }).find(
    ({ is }) => is === 'drive',
  );
  expect(drive).toMatchObject({ drive: { level: 0.1 } });
  expect(kinds(put({ is: 'envelope', envelope: { ...DEFAULT_ENVELOPE, kinds: [] } }))).toEqual([
    'stop',
    'outcome',
  ]);
});

test('an effect runs from its first write on, and before that it does not rise', () => {
  const { arm, answer, tip, put, state } = machine(
    { ...DEFAULT_ENVELOPE, jumpLevelMax: 0.2, risePerSecondMax: 1 },
    { writes: false },
  );
  arm();
  tip('tip_1', 200);
  answer(state().askedN);
  const levels = (outputs: readonly Output[]) =>
    outputs.flatMap((output) => (output.is === 'drive' ? [Math.round(output.drive.level * 1_000)] : []));
  for (let i = 0; i < 3; i += 1) expect(levels(put({ is: 'tick' }, 50))).toEqual([200]);
  expect(put({ is: 'written' })).toEqual([]);
  expect(state().running?.ranMs).toBe(0);
  expect(levels(put({ is: 'tick' }, 50))).toEqual([250]);
  put({ is: 'tick' }, 100);
  expect(outcomes(put({ is: 'tick' }, 50))).toEqual(['tip_1 ran undefined']);
});

test.each([
  ['its renewals go on, but nothing is ever written', 50, 13],
  ['its lease runs out before anything is written', 301, 1],
])('%s: nothing of it has run', (_what, everyMs, steps) => {
  const { arm, answer, tip, put, state } = machine(DEFAULT_ENVELOPE, { writes: false });
  arm();
  tip('tip_1');
  const told: string[] = [];
  for (let i = 0; i < steps; i += 1) {
    expect(told).toEqual([]);
    told.push(...outcomes(put({ is: 'tick' }, everyMs)), ...outcomes(answer(state().askedN)));
  }
  expect(told).toEqual(['tip_1 partly unwritten']);
});

test('what is no envelope throws, which is a fault', () => {
  const { put } = machine();
  expect(() => put({ is: 'envelope', envelope: { ...DEFAULT_ENVELOPE, levelMax: 2 } })).toThrow(RangeError);
});

test('after a fault nothing of the old machine arms the new one', () => {
  const { arm, tip, state } = machine();
  arm();
  tip('tip_1');
  const fresh = stateAfterFault(state(), 'it broke');
  expect(fresh).toMatchObject({ arm: { phase: 'latched', why: 'fault' }, queue: [], asks: [], level: 0 });
  expect(fresh.known.has('tip_1')).toBe(true);
  expect(fresh.permit).toBeUndefined();
  expect(fresh.answeredN).toBe(state().askedN);
});

test('a step leaves the state that it was given as it was', () => {
  const { arm, tip, state } = machine();
  arm();
  const before = state();
  const copy = { ...before };
  tip('tip_1');
  expect({ ...before }).toEqual(copy);
  expect(before.known.has('tip_1')).toBe(false);
});
