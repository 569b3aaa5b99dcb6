import { expect, test } from '@jest/globals';
import type { LogEntry } from '@nightjar/contracts/ws-protocol';
import fc from 'fast-check';
import { isEnd, nextStage, type TipNews, type TipStage } from './tip-life.ts';

const TIP = { tipId: 'tip_1', amount: 25n };
const at = '2026-01-01T00:00:00Z';

const entry = (fields: Record<string, unknown>): TipNews => ({
  is: 'entry',
  entry: { at, tipId: 'tip_1', ...fields } as LogEntry,
});
const accepted = (held: boolean): TipNews => entry({ kind: 'tip', from: 'pn_1', amount: '25', held });
const progress = (state: string): TipNews => entry({ kind: 'progress', state });
const settled = entry({ kind: 'settled', result: 'partly', settled: '10', returned: '15', ranMs: 800 });

function live(news: TipNews[]): TipStage[] {
  const stages: TipStage[] = [];
  for (const one of news) {
    const stage = nextStage(TIP, stages.at(-1), one);
    if (stage) stages.push({ ...stage, atMs: 0 });
  }
  return stages;
}

const names = (news: TipNews[]): string[] => live(news).map(({ stage }) => stage);

test('the whole life, with the answer and the log telling the same thing', () => {
  const news: TipNews[] = [
    { is: 'sent' },
    accepted(true),
    { is: 'receipt', held: true, startBy: at },
    ...['queued', 'running', 'paused', 'running'].map(progress),
    settled,
  ];
  expect(names(news)).toEqual(['sending', 'held', 'queued', 'running', 'paused', 'running', 'partly']);
  expect(live(news).at(-1)).toMatchObject({ settled: 10n, returned: 15n, ranMs: 800 });
});

test('a tip without an effect is paid when it is accepted', () => {
  expect(live([{ is: 'sent' }, { is: 'receipt', held: false }, accepted(false)])).toMatchObject([
    { stage: 'sending' },
    { stage: 'paid', settled: 25n, returned: 0n },
  ]);
});

test("others' tips are no news", () => {
  const other = entry({
    kind: 'settled',
    tipId: 'tip_2',
    result: 'ran',
    settled: '1',
    returned: '0',
    ranMs: 1,
  });
  expect(names([{ is: 'sent' }, other])).toEqual(['sending']);
});

test('whatever comes, and however often: it only goes forward, and there is one end and nothing after it', () => {
  const news = fc.constantFrom<TipNews>(
    { is: 'sent' },
    { is: 'receipt', held: true },
    accepted(true),
    ...['queued', 'running', 'paused'].map(progress),
    settled,
    { is: 'end', end: { stage: 'failed', code: 'x', title: '', retry: false } },
  );
  const order = ['sending', 'held', 'queued', 'running'];
  fc.assert(
    fc.property(fc.array(news, { maxLength: 30 }), (all) => {
      const stages = live(all);
      const ends = stages.filter(isEnd).length;
      expect(ends).toBe(all.some(({ is }) => is === 'end') || all.includes(settled) ? 1 : 0);
      if (ends === 1) expect(stages.findIndex(isEnd)).toBe(stages.length - 1);
      const ranks = stages
        .filter((stage) => !isEnd(stage))
        .map(({ stage }) => order.indexOf(stage === 'paused' ? 'running' : stage));
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    }),
    { seed: 7 },
  );
});
