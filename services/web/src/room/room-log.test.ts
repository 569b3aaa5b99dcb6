import { expect, test } from '@jest/globals';
import type { LogEntry, TipEntry } from '@nightjar/contracts/ws-protocol';
import {
  afterEntry,
  afterOwnTip,
  afterSnapshot,
  EMPTY_LOG,
  LINES_MAX,
  queueOf,
  type RoomLogView,
  ranMsAt,
  type TipLine,
  withLine,
} from './room-log.ts';

const at = (s: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, s)).toISOString();
const effect = { output: 'vibrate', durationMs: 4_000, points: [{ atMs: 0, level: 500 }] } as const;
const tip = (tipId: string, s: number, more: Partial<TipEntry> = {}): LogEntry => ({
  at: at(s),
  kind: 'tip',
  tipId,
  from: 'pn_a',
  amount: '25',
  item: { itemId: 'buzz', name: 'Buzz', effect },
  held: true,
  ...more,
});
const after = (entries: readonly LogEntry[], nowMono = 0, log: RoomLogView = EMPTY_LOG) =>
  entries.reduce((next, entry) => afterEntry(next, entry, nowMono, 'pn_me'), log);
const only = (log: RoomLogView) => log.lines[0] as TipLine;

test('a tip is one line through its whole life', () => {
  const log = after([
    tip('tip_1', 1),
    { at: at(2), kind: 'progress', tipId: 'tip_1', state: 'running' },
    {
      at: at(6),
      kind: 'settled',
      tipId: 'tip_1',
      result: 'partly',
      settled: '10',
      returned: '15',
      ranMs: 1_600,
    },
  ]);
  expect(log.lines).toHaveLength(1);
  expect(only(log)).toMatchObject({ stage: 'partly', settled: 10n, returned: 15n, ranMs: 1_600 });
});

test('nothing that comes late moves a tip that has ended', () => {
  const log = after([
    tip('tip_1', 1),
    { at: at(6), kind: 'settled', tipId: 'tip_1', result: 'ran', settled: '25', returned: '0', ranMs: 4_000 },
    { at: at(2), kind: 'progress', tipId: 'tip_1', state: 'running' },
    tip('tip_1', 1),
  ]);
  expect(only(log).stage).toBe('ran');
});

test('an effect is counted while it runs and not while it pauses', () => {
  let log = after([tip('tip_1', 1)], 0);
  log = afterEntry(log, { at: at(2), kind: 'progress', tipId: 'tip_1', state: 'running' }, 1_000);
  expect(ranMsAt(only(log), 2_500)).toBe(1_500);
  log = afterEntry(log, { at: at(3), kind: 'progress', tipId: 'tip_1', state: 'paused' }, 2_500);
  expect(ranMsAt(only(log), 9_000)).toBe(1_500);
  log = afterEntry(log, { at: at(9), kind: 'progress', tipId: 'tip_1', state: 'running' }, 9_000);
  expect(ranMsAt(only(log), 99_000)).toBe(4_000);
});

test('one of mine is there before the room knows of it, and stays one line', () => {
  const now = { wallMs: Date.parse(at(0)), mono: 0 };
  let log = afterOwnTip(EMPTY_LOG, { id: 'tip_1', amount: 25n, note: 'hello', stage: 'sending' }, now);
  log = after([tip('tip_1', 1, { from: 'pn_me' })], 0, log);
  expect(log.lines).toHaveLength(1);
  expect(only(log)).toMatchObject({ mine: true, stage: 'held', note: 'hello', from: 'pn_me' });
});

test('a snapshot brings what is open and ends nothing that is not in it', () => {
  const done = after([
    tip('tip_1', 1),
    { at: at(6), kind: 'settled', tipId: 'tip_1', result: 'ran', settled: '25', returned: '0', ranMs: 4_000 },
    tip('tip_2', 2),
  ]);
  const open = { ...tip('tip_3', 3), state: 'running' } as TipEntry & { at: string };
  const log = afterSnapshot(done, { tips: [open] }, 0);
  expect(log.lines.map(({ id }) => id)).toEqual(['tip_1', 'tip_3']);
  expect(queueOf(log).running?.id).toBe('tip_3');
});

test('what waits is in its order, and what needs no device waits for none', () => {
  const log = after([
    tip('tip_1', 1),
    tip('tip_2', 2),
    tip('tip_3', 3, { held: false, item: { itemId: 'cheers', name: 'Cheers' } }),
    { at: at(4), kind: 'progress', tipId: 'tip_1', state: 'running' },
  ]);
  expect(queueOf(log).running?.id).toBe('tip_1');
  expect(queueOf(log).waiting.map(({ id }) => id)).toEqual(['tip_2']);
});

test('a struck line is gone, and lines stand in the order of their time', () => {
  const line = (id: string, s: number) =>
    ({ is: 'chat', id, from: 'pn_b', text: id, atMs: Date.parse(at(s)), mine: false }) as const;
  let log = [line('msg_2', 2), line('msg_1', 1), line('msg_3', 3)].reduce<RoomLogView>(withLine, EMPTY_LOG);
  expect(log.lines.map(({ id }) => id)).toEqual(['msg_1', 'msg_2', 'msg_3']);
  log = afterEntry(log, { at: at(4), kind: 'struck', lineId: 'msg_2' }, 0);
  expect(log.lines.map(({ id }) => id)).toEqual(['msg_1', 'msg_3']);
});

test('a page keeps LINES_MAX lines, the latest', () => {
  let log = EMPTY_LOG;
  for (let i = 0; i < LINES_MAX + 10; i++)
    log = withLine(log, { is: 'chat', id: `msg_${i}`, from: 'pn_b', text: '', atMs: i, mine: false });
  expect(log.lines).toHaveLength(LINES_MAX);
  expect(log.lines[0]?.id).toBe('msg_10');
});
