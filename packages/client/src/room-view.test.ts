import { expect, test } from '@jest/globals';
import type { LogEntry, Welcome } from '@nightjar/contracts/ws-protocol';
import { newRoomView, viewAfterEntry, viewAfterWelcome } from './room-view.ts';

const at = (second: number) => `2026-01-01T00:00:0${second}Z`;
const goal = { goalId: 'goal_1', title: 'Waves', amount: '100' };
const entry = (fields: object, second = 5): LogEntry => ({ at: at(second), ...fields }) as LogEntry;
const settled = (amount: string, second = 5) =>
  entry({ kind: 'settled', tipId: 't', settled: amount }, second);
const welcome = (snapshot: object, more: object = {}) =>
  ({ viewers: 3, snapshot: { tips: [], ...snapshot }, ...more }) as unknown as Welcome;

test('what is settled after a goal was set counts towards it, once each', () => {
  let view = viewAfterEntry(newRoomView(), entry({ kind: 'goal', goal }));
  expect(view.goal).toEqual({ ...goal, amount: 100n, reached: 0n });
  view = viewAfterEntry(view, entry({ kind: 'tip', tipId: 't1', amount: '10', held: false }));
  view = viewAfterEntry(view, entry({ kind: 'tip', tipId: 't2', amount: '50', held: true }));
  view = viewAfterEntry(view, settled('20'));
  expect(view.goal?.reached).toBe(30n);
});

test('what was settled before, and is only told later, does not count', () => {
  let view = viewAfterEntry(newRoomView(), entry({ kind: 'goal', goal }, 5));
  view = viewAfterEntry(view, settled('20', 4));
  expect(view.goal?.reached).toBe(0n);
});

test('a welcome brings how far a goal is, and what comes after goes on from there', () => {
  const begun = viewAfterWelcome(
    newRoomView(),
    welcome({ goal: { kind: 'goal', goal, reached: '40' } }),
    false,
  );
  expect(viewAfterEntry(begun, settled('2')).goal?.reached).toBe(42n);
  expect(viewAfterEntry(begun, entry({ kind: 'goal' })).goal).toBeUndefined();
});

test('a new goal begins at nothing', () => {
  const begun = viewAfterWelcome(
    newRoomView(),
    welcome({ goal: { kind: 'goal', goal, reached: '40' } }),
    false,
  );
  const other = { ...goal, goalId: 'goal_2', title: 'Other' };
  expect(viewAfterEntry(begun, entry({ kind: 'goal', goal: other })).goal).toMatchObject({
    title: 'Other',
    reached: 0n,
  });
});

test('face, keeper and one’s own silence are known; another’s silence is not ours', () => {
  let view = viewAfterWelcome(newRoomView(), welcome({}, { silencedUntil: at(9) }), false);
  expect(view.silencedUntil).toBe(at(9));
  view = viewAfterEntry(view, entry({ kind: 'sanction', who: 'pn_1', what: 'lifted' }), 'pn_1');
  expect(view.silencedUntil).toBeUndefined();
  const silence = entry({ kind: 'sanction', who: 'pn_1', what: 'silenced', until: at(8) });
  expect(viewAfterEntry(view, silence, 'pn_2').silencedUntil).toBeUndefined();
  expect(viewAfterEntry(view, silence, undefined).silencedUntil).toBeUndefined();
  expect(viewAfterEntry(view, silence, 'pn_1').silencedUntil).toBe(at(8));
  view = viewAfterEntry(view, entry({ kind: 'room', title: 'Evening', tags: ['quiet'] }));
  expect(view.room).toMatchObject({ title: 'Evening', tags: ['quiet'] });
});

test('a welcome that goes on changes nothing but how many watch', () => {
  const view = viewAfterEntry(newRoomView(), entry({ kind: 'goal', goal }));
  expect(viewAfterWelcome(view, welcome({}), true)).toEqual({ ...view, viewers: 3 });
});
