import { withPostgres } from '@nightjar/kit/postgres';
import type pg from 'pg';
import { WALLET_KEYS_KEPT_MAX } from '../limits.ts';

/** Public keys of wallets. A wallet keeps its key for ever, so one that was read once is never read again. */
export class WalletKeys {
  readonly #pool: pg.Pool;
  readonly #keptMax: number;
  readonly #kept = new Map<string, Uint8Array>();

  constructor(pool: pg.Pool, keptMax = WALLET_KEYS_KEPT_MAX) {
    this.#pool = pool;
    this.#keptMax = keptMax;
  }

  /** Ed25519, 32 raw bytes; undefined when there is no such wallet. Throws Problem `unavailable`. */
  async get(walletId: string): Promise<Uint8Array | undefined> {
    const kept = this.#kept.get(walletId);
    if (kept) return kept;
    const { rows } = await withPostgres(() =>
      this.#pool.query<{ public_key: Buffer }>({
        name: 'wallet_key',
        text: 'select public_key from wallets where wallet_id = $1',
        values: [walletId],
      }),
    );
    const key = rows[0]?.public_key;
    if (key) this.#keep(walletId, key);
    return key;
  }

  #keep(walletId: string, key: Uint8Array): void {
    // A Map keeps the order of insertion: the first one is the oldest.
    const oldest = this.#kept.size >= this.#keptMax ? this.#kept.keys().next().value : undefined;
    if (oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(walletId, key);
  }
}
