import { expect, test } from '@jest/globals';
import type { SanctionInForce } from '@nightjar/client/rooms';
import { inForce, sanctionsAfterEntry } from './sanctions.ts';

const AT = '2026-11-25T14:00:00Z';
const banned: SanctionInForce = { pseudonym: 'pn_1', what: 'banned', decidedAt: AT };

test('what the log says takes the place of what was decided before, and a lift takes it away', () => {
  const until = '2026-11-25T14:10:00Z';
  const silenced = sanctionsAfterEntry([banned], {
    kind: 'sanction',
    who: 'pn_1',
    what: 'silenced',
    until,
    at: AT,
  });
  expect(silenced).toEqual([{ pseudonym: 'pn_1', what: 'silenced', until, decidedAt: AT }]);
  expect(sanctionsAfterEntry(silenced, { kind: 'sanction', who: 'pn_1', what: 'lifted', at: AT })).toEqual(
    [],
  );
});

test('a silence that is over is not listed', () => {
  const until = '2026-11-25T14:10:00Z';
  const all = [banned, { pseudonym: 'pn_2', what: 'silenced', until, decidedAt: AT } as const];
  expect(inForce(all, Date.parse(until) - 1)).toHaveLength(2);
  expect(inForce(all, Date.parse(until))).toEqual([banned]);
});
