import { expect, test } from '@jest/globals';
import type { SanctionEntry } from '@nightjar/contracts/ws-protocol';
import { BAN_REMEMBERED_MS } from '../limits.ts';
import { Sanctions, sanctionField, sanctionValue } from './sanctions.ts';

const AT = '2026-11-25T10:00:00.000Z';
const atMs = Date.parse(AT);
const UNTIL = '2026-11-25T10:10:00.000Z';
const decided = (what: SanctionEntry['what'], who = 'pn_1') =>
  ({ at: AT, kind: 'sanction', who, what, ...(what === 'silenced' ? { until: UNTIL } : {}) }) as const;

test('what the snapshot keeps is read back as it was decided', () => {
  const all = (['silenced', 'removed', 'banned'] as const).map((what) => decided(what, `pn_${what}`));
  const fields = new Map(all.map((each) => [sanctionField(each.who), sanctionValue(each) ?? '']));
  fields.set('tip:tip_1', '{}');
  const kept = new Sanctions(fields);
  expect(all.map(({ who }) => kept.isOut(who))).toEqual([false, true, true]);
  expect(kept.silencedUntil('pn_silenced', atMs)).toBe(Date.parse(UNTIL));
  expect(kept.silencedUntil('pn_banned', atMs)).toBeUndefined();
  expect(sanctionValue(decided('banned'))).toBe(`banned ${atMs + BAN_REMEMBERED_MS}`);
  expect(sanctionValue(decided('lifted'))).toBeUndefined();
});

test('the last word counts', () => {
  const sanctions = new Sanctions();
  sanctions.take(decided('banned'));
  expect(sanctions.isOut('pn_1')).toBe(true);
  sanctions.take(decided('silenced'));
  expect(sanctions.isOut('pn_1')).toBe(false);
  expect(sanctions.silencedUntil('pn_1', atMs)).toBe(Date.parse(UNTIL));
  sanctions.take(decided('lifted'));
  expect(sanctions.silencedUntil('pn_1', atMs)).toBeUndefined();
});

test('a silence is over at its time, a removal with the show, a ban with neither', () => {
  const sanctions = new Sanctions();
  sanctions.take(decided('silenced', 'pn_s'));
  sanctions.take(decided('removed', 'pn_r'));
  sanctions.take(decided('banned', 'pn_b'));
  expect(sanctions.silencedUntil('pn_s', Date.parse(UNTIL))).toBeUndefined();
  sanctions.take({ kind: 'show' });
  expect([sanctions.isOut('pn_r'), sanctions.isOut('pn_b')]).toEqual([false, true]);
});
