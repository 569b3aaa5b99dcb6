import { expect, test } from '@jest/globals';
import { localProblem, ProblemError } from '@nightjar/client/problem-error';
import { History, memoryShelf } from './history.ts';
import type { TipHistoryEntry } from './history-entry.ts';
import { CREDIT_TRIES_MAX } from './limits.ts';
import { WalletModel } from './wallet-model.ts';

const refusal = new ProblemError({ code: 'amount_out_of_range', title: 'Too much.', retry: false });

/** A ledger that credits a purchase after so many asks, and can be away. */
function walletPage({ creditedAfter = 1, has = true } = {}) {
  const ledger = {
    available: 0n,
    away: undefined as Error | undefined,
    purchases: new Map<string, { amount: bigint; asks: number }>(),
    tips: new Map<string, 'held' | 'settled'>(),
  };
  const answer = (): void => {
    if (ledger.away) throw ledger.away;
  };
  const history = new History(memoryShelf());
  let ids = 0;
  const model = new WalletModel({
    history,
    hasWallet: async () => has || ledger.purchases.size > 0,
    now: () => 10_000_000,
    newId: () => `id_${++ids}`,
    pause: async () => {},
    wallet: {
      async balance() {
        answer();
        return { available: ledger.available, held: 0n };
      },
      async buy(amount, _gateway, id) {
        answer();
        const purchase = ledger.purchases.get(id) ?? { amount, asks: 0 };
        ledger.purchases.set(id, purchase);
        purchase.asks += 1;
        if (purchase.asks === creditedAfter) ledger.available += amount;
        return { purchaseId: id, amount, state: purchase.asks >= creditedAfter ? 'credited' : 'paid' };
      },
      async tip(tipId) {
        answer();
        const state = ledger.tips.get(tipId);
        if (!state) throw new ProblemError({ code: 'tip_not_found', title: 'No such tip.', retry: false });
        const settled = state === 'settled' ? 50n : 0n;
        return { state, settled, returned: 0n, ranMs: 0, ...(state === 'settled' ? { result: 'ran' } : {}) };
      },
    },
  });
  return { model, ledger, history };
}

test('looking at a wallet makes none: a first visit leaves nothing at the server', async () => {
  const { model } = walletPage({ has: false });
  await model.open();
  expect(model.view.current.holdings).toEqual({ is: 'none' });
});

test('bought tokens are shown as there only with the word of the ledger', async () => {
  const { model, history } = walletPage({ creditedAfter: 3 });
  await model.open();
  const seen: string[] = [];
  model.view.subscribe(() => {
    const { topUp, holdings } = model.view.current;
    seen.push(`${topUp.is} ${holdings.is === 'known' ? holdings.balance.available : '?'}`);
  });
  await model.buy(500n);
  expect(seen).toEqual(['asking 0', 'coming 0', 'coming 0', 'coming 500', 'there 500']);
  expect(history.entries.current).toMatchObject([{ kind: 'purchase', amount: 500n, state: 'there' }]);
});

test('after no answer the same press asks under the same id, so that nothing is bought twice', async () => {
  const { model, ledger } = walletPage();
  await model.open();
  ledger.away = localProblem('no_answer');
  await model.buy(100n);
  expect(model.view.current.topUp).toMatchObject({ is: 'failed', unknown: true });
  ledger.away = undefined;
  await model.buy(100n);
  expect([...ledger.purchases.keys()]).toEqual(['id_1']);
  expect(model.view.current.topUp.is).toBe('there');
});

test('a purchase that a closed page left open is finished under its id when the page is opened again', async () => {
  const { model, ledger, history } = walletPage();
  await history.put({ kind: 'purchase', id: 'left', at: 1, amount: 100n, state: 'asked' });
  await model.open();
  expect([...ledger.purchases.keys()]).toEqual(['left']);
  expect(history.entries.current).toMatchObject([{ id: 'left', state: 'there' }]);
});

test('a refusal is an end: the history says so, and the next press is a new purchase', async () => {
  const { model, ledger, history } = walletPage();
  await model.open();
  ledger.away = refusal;
  await model.buy(100n);
  expect(model.view.current.topUp).toMatchObject({ is: 'failed', unknown: false, title: 'Too much.' });
  expect(history.entries.current).toMatchObject([{ state: 'refused' }]);
  ledger.away = undefined;
  await model.buy(100n);
  expect([...ledger.purchases.keys()]).toEqual(['id_2']);
});

test('a credit that does not come is not waited for without end, and not shown as there', async () => {
  const { model, history } = walletPage({ creditedAfter: CREDIT_TRIES_MAX + 1 });
  await model.open();
  await model.buy(100n);
  expect(model.view.current.topUp.is).toBe('coming');
  expect(history.entries.current).toMatchObject([{ state: 'coming' }]);
});

test('when the ledger is away what was known stays, said as old', async () => {
  const { model, ledger } = walletPage();
  ledger.available = 70n;
  await model.open();
  ledger.away = localProblem('unreachable');
  await model.refresh();
  expect(model.view.current.holdings).toMatchObject({ is: 'failed', known: { available: 70n } });
});

test('tips whose end this page missed are asked of the ledger; one that it does not know was not taken, once it is old', async () => {
  const { model, ledger, history } = walletPage();
  const tip = (id: string, at = 9_999_000): TipHistoryEntry => ({
    kind: 'tip',
    id,
    at,
    amount: 50n,
    room: { slug: 'demo', title: 'Demo' },
    state: 'held',
  });
  ledger.tips.set('tip_a', 'settled').set('tip_b', 'held');
  for (const id of ['tip_a', 'tip_b', 'tip_c']) await history.put(tip(id));
  await history.put(tip('tip_old', 1));
  await model.open();
  const states = Object.fromEntries((history.entries.current ?? []).map(({ id, state }) => [id, state]));
  expect(states).toEqual({ tip_a: 'settled', tip_b: 'held', tip_c: 'held', tip_old: 'failed' });
});
