import { expect, test } from '@jest/globals';
import { figuresOf } from './figures.ts';
import type { Evening, PhaseFigures } from './load/judge-evening.ts';

const PHASE: PhaseFigures = {
  name: 'all of it',
  seconds: 60,
  tips: 9,
  receiptP50: 10,
  receiptP99: 20,
  receiptMax: 30,
  viewerAwayMax: 0,
  permitAwayMax: 0,
  receiptGapMax: 400,
  breaks: 0,
};
const EVENING: Evening = {
  phases: [],
  all: PHASE,
  tips: 9,
  lines: 3,
  tipFaults: [],
  moneyFaults: [],
  violations: [],
  lateMs: 0,
  stillMs: 0,
  losses: [],
  epochs: 1,
  ends: { ran: 9 },
  breaks: {},
  thrownOut: [],
  latches: [],
  bridgeEnded: false,
  unread: 0,
  refusedLines: {},
  lostLines: 0,
  sentAgain: 0,
};
const isOk = (more: Partial<Evening>) => figuresOf({ ...EVENING, ...more }).ok;

test('an evening in which all went well is ok', () => {
  expect(isOk({})).toBe(true);
});

test.each<[string, Partial<Evening>]>([
  ['no tip', { tips: 0, ends: {} }],
  ['no tip that ran', { ends: { expired: 9 } }],
  ['no line', { lines: 0 }],
  ['a line that was refused', { refusedLines: { silenced: 1 } }],
  ['a line of which nobody knows whether it is in', { lostLines: 1 }],
  ['a line that somebody could not read', { unread: 1 }],
  ['a tip that was lost', { tipFaults: [{ tipId: 't', what: 'lost_entry' }] }],
  ['a tip that was doubled', { tipFaults: [{ tipId: 't', what: 'doubled_effect' }] }],
  ['a viewer who was misled', { tipFaults: [{ tipId: 't', what: 'misled' }] }],
  ['a tip that moved less than was paid for', { tipFaults: [{ tipId: 't', what: 'unmoved_share' }] }],
  ['a movement that nobody paid for', { tipFaults: [{ tipId: 't', what: 'unpaid_effect' }] }],
  ['tokens that are nowhere', { moneyFaults: [{ who: 'viewer 1', tokens: '1' }] }],
  ['a movement without a permit', { violations: [{ what: 'no_permit', atMono: 1, ms: 0 }] }],
  ['a gap in a log', { losses: [{ viewer: 'viewer 1#1', what: 'gap', where: 'e/1' }] }],
  ['a viewer who was thrown out', { thrownOut: ['unknown'] }],
  ['a bridge that lost its seat', { bridgeEnded: true }],
  ['a bridge that was latched', { latches: ['fault'] }],
])('an evening with %s is not ok', (_, fault) => {
  expect(isOk(fault)).toBe(false);
});
