import type { ProblemError } from '@nightjar/client/problem-error';
import type { Balance, TipMoney } from '@nightjar/client/wallet';
import { Store } from '../lib/store.ts';
import { isEnded, type PurchaseEntry, type TipHistoryEntry } from './history-entry.ts';
import { CREDIT_PAUSE_MS, CREDIT_TRIES_MAX, NEVER_TAKEN_MS, OPEN_TIPS_MAX } from './limits.ts';
import { askFor, openPurchase, type PurchaseParts, purchaseOf } from './purchase.ts';

/** What the ledger says is in the wallet. */
export type Holdings =
  | { readonly is: 'asking' }
  /** This browser never made a wallet: looking does not make one. */
  | { readonly is: 'none' }
  | { readonly is: 'known'; readonly balance: Balance }
  | { readonly is: 'failed'; readonly title: string; readonly known?: Balance };

export type TopUp =
  | { readonly is: 'ready' }
  | { readonly is: 'asking'; readonly amount: bigint }
  /** Paid; the ledger does not have it yet. */
  | { readonly is: 'coming'; readonly amount: bigint }
  | { readonly is: 'there'; readonly amount: bigint }
  /** `unknown`: nobody answered, so it may have been bought; asking again under the same id is safe. */
  | { readonly is: 'failed'; readonly amount: bigint; readonly title: string; readonly unknown: boolean };

export interface WalletView {
  readonly holdings: Holdings;
  readonly topUp: TopUp;
}

export interface WalletModelParts extends PurchaseParts {
  readonly wallet: PurchaseParts['wallet'] & {
    balance(): Promise<Balance>;
    tip(tipId: string): Promise<TipMoney>;
  };
  /** Whether this browser has a wallet's key already. */
  readonly hasWallet: () => Promise<boolean>;
  readonly pause: (ms: number) => Promise<void>;
}

/** The person's tokens. Nothing is shown as there before the ledger says so. */
export class WalletModel {
  readonly view = new Store<WalletView>({ holdings: { is: 'asking' }, topUp: { is: 'ready' } });
  readonly #parts: WalletModelParts;

  constructor(parts: WalletModelParts) {
    this.#parts = parts;
  }

  async open(): Promise<void> {
    await this.#parts.history.load();
    await this.refresh();
    await Promise.all([this.#askOpenTips(), this.#askOpenPurchase()]);
  }

  async refresh(): Promise<void> {
    const before = this.view.current.holdings;
    const known = before.is === 'known' ? before.balance : before.is === 'failed' ? before.known : undefined;
    if (known === undefined) this.#say({ holdings: { is: 'asking' } });
    try {
      if (known === undefined && !(await this.#parts.hasWallet())) {
        this.#say({ holdings: { is: 'none' } });
        return;
      }
      this.#say({ holdings: { is: 'known', balance: await this.#parts.wallet.balance() } });
    } catch (error) {
      const { title } = problemOf(error);
      this.#say({ holdings: { is: 'failed', title, ...(known === undefined ? {} : { known }) } });
    }
  }

  /** Buys tokens. While one purchase is under way there is no other. */
  async buy(amount: bigint): Promise<void> {
    const { topUp } = this.view.current;
    if (topUp.is === 'asking' || topUp.is === 'coming') return;
    await this.#buy(await purchaseOf(this.#parts, amount));
  }

  /** Back to the amounts, after the last word was read. */
  ready(): void {
    const { is } = this.view.current.topUp;
    if (is === 'there' || is === 'failed') this.#say({ topUp: { is: 'ready' } });
  }

  async #buy(entry: PurchaseEntry): Promise<void> {
    const { amount } = entry;
    this.#say({ topUp: { is: 'asking', amount } });
    try {
      for (let tried = 1; (await askFor(this.#parts, entry)) === 'coming'; tried += 1) {
        this.#say({ topUp: { is: 'coming', amount } });
        if (tried === CREDIT_TRIES_MAX) return;
        await this.#parts.pause(CREDIT_PAUSE_MS);
      }
      await this.#showNew();
      this.#say({ topUp: { is: 'there', amount } });
    } catch (error) {
      const { title, retry } = problemOf(error);
      this.#say({ topUp: { is: 'failed', amount, title, unknown: retry } });
    }
  }

  async #showNew(): Promise<void> {
    const balance = await this.#parts.wallet.balance();
    this.#say({ holdings: { is: 'known', balance } });
  }

  /** A purchase that was cut off is asked for again under its id: it is bought once, whatever happened. */
  async #askOpenPurchase(): Promise<void> {
    const entry = openPurchase(this.#parts.history);
    if (entry && this.view.current.topUp.is === 'ready') await this.#buy(entry);
  }

  async #askOpenTips(): Promise<void> {
    const open = (this.#parts.history.entries.current ?? [])
      .filter((entry): entry is TipHistoryEntry => entry.kind === 'tip' && !isEnded(entry))
      .slice(0, OPEN_TIPS_MAX);
    await Promise.all(open.map((entry) => this.#askTip(entry)));
  }

  async #askTip(entry: TipHistoryEntry): Promise<void> {
    try {
      const { state, result, settled, returned } = await this.#parts.wallet.tip(entry.id);
      const end = state === 'held' ? {} : { settled, returned, ...(result ? { result } : {}) };
      await this.#parts.history.put({ ...entry, ...end, state });
    } catch (error) {
      const { code } = problemOf(error);
      // One that is not known may still be on its way; later it cannot be any more.
      const old = this.#parts.now() - entry.at > NEVER_TAKEN_MS;
      if (code === 'tip_not_found' && old) await this.#parts.history.put({ ...entry, state: 'failed' });
    }
  }

  #say(change: Partial<WalletView>): void {
    this.view.update((current) => ({ ...current, ...change }));
  }
}

/** @throws what is no problem of the platform, but a fault of ours. */
function problemOf(error: unknown): ProblemError {
  if ((error as ProblemError).name !== 'ProblemError') throw error;
  return error as ProblemError;
}
