import { Head } from '../components/Page.tsx';
import type { State } from '../dev/state.ts';
import type { HistoryEntry } from './history-entry.ts';
import { WalletScreen } from './WalletScreen.tsx';
import type { Holdings, TopUp } from './wallet-model.ts';

const nowMs = new Date(2026, 10, 25, 20, 15).getTime();
const minute = 60_000;
const room = { slug: 'demo-7k2m9x', title: 'Slow evening, with the window open' };

const entries: readonly HistoryEntry[] = [
  { kind: 'tip', id: 'a', at: nowMs - minute, amount: 60n, room, item: 'Slow wave', state: 'held' },
  {
    kind: 'tip',
    id: 'b',
    at: nowMs - 4 * minute,
    amount: 120n,
    room,
    item: 'Long climb',
    state: 'settled',
    result: 'partly',
    settled: 80n,
    returned: 40n,
  },
  {
    kind: 'tip',
    id: 'c',
    at: nowMs - 6 * minute,
    amount: 25n,
    room,
    item: 'Short buzz',
    state: 'returned',
    result: 'expired',
    settled: 0n,
    returned: 25n,
  },
  {
    kind: 'tip',
    id: 'd',
    at: nowMs - 9 * minute,
    amount: 10n,
    room,
    state: 'settled',
    result: 'paid',
    settled: 10n,
    returned: 0n,
  },
  { kind: 'purchase', id: 'e', at: nowMs - 12 * minute, amount: 500n, state: 'there' },
  {
    kind: 'tip',
    id: 'f',
    at: nowMs - 26 * 60 * minute,
    amount: 25n,
    room: { slug: 'x', title: 'Two of us' },
    item: 'Short buzz',
    state: 'settled',
    result: 'ran',
    settled: 25n,
    returned: 0n,
  },
  { kind: 'purchase', id: 'g', at: nowMs - 27 * 60 * minute, amount: 1_000n, state: 'refused' },
];

const known: Holdings = { is: 'known', balance: { available: 1_245n, held: 60n } };
const ready: TopUp = { is: 'ready' };

function state(
  name: string,
  holdings: Holdings,
  topUp: TopUp = ready,
  history: readonly HistoryEntry[] | undefined = entries,
): State {
  const nothing = () => {};
  return {
    name,
    screen: true,
    element: (
      <>
        <Head at="wallet" />
        <main>
          <WalletScreen
            view={{ holdings, topUp }}
            history={history}
            nowMs={nowMs}
            onBuy={nothing}
            onChange={nothing}
            onRetry={nothing}
            onForget={nothing}
          />
        </main>
      </>
    ),
  };
}

export const walletStates: readonly State[] = [
  state('loading', { is: 'asking' }, ready, undefined),
  state('first visit', { is: 'none' }, ready, []),
  state('known', known),
  state('asking', known, { is: 'asking', amount: 500n }),
  state('paid and coming', known, { is: 'coming', amount: 500n }),
  state('there', { is: 'known', balance: { available: 1_745n, held: 0n } }, { is: 'there', amount: 500n }),
  state('no answer', known, {
    is: 'failed',
    amount: 500n,
    title: 'The server did not answer in time. Try again.',
    unknown: true,
  }),
  state('refused', known, {
    is: 'failed',
    amount: 500n,
    title: 'The amount is outside what one tip or purchase may move.',
    unknown: false,
  }),
  state('ledger away', { is: 'failed', title: 'The server cannot be reached.' }, ready, []),
  state('ledger away, with what was known', {
    is: 'failed',
    title: 'The server cannot be reached.',
    known: { available: 1_245n, held: 60n },
  }),
];
