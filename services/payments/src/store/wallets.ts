import { withPostgres } from '@nightjar/kit/postgres';
import type pg from 'pg';

/** A wallet's money, in tokens. */
export interface Balance {
  readonly available: bigint;
  /** In tips whose outcome is not known yet. */
  readonly held: bigint;
}

/** The wallet of this key, opened under `newId` if there is none. Throws Problem `unavailable`. */
export async function openWallet(pool: pg.Pool, newId: string, publicKey: Uint8Array): Promise<string> {
  const { rows } = await withPostgres(() =>
    pool.query<{ wallet: string }>('select open_wallet($1, $2) as wallet', [newId, Buffer.from(publicKey)]),
  );
  const wallet = rows[0]?.wallet;
  if (!wallet) throw new Error('open_wallet answered nothing');
  return wallet;
}

/** Of a wallet that exists. Throws Problem `unavailable`. */
export async function walletBalance(pool: pg.Pool, walletId: string): Promise<Balance> {
  const { rows } = await withPostgres(() =>
    pool.query<Balance>(
      `select credits - debits as available,
         (select coalesce(sum(amount), 0)::bigint from tips where wallet_id = $1 and result is null) as held
       from accounts where owner = $1 and kind = 'wallet'`,
      [walletId],
    ),
  );
  const balance = rows[0];
  if (!balance) throw new Error('a wallet without an account');
  return balance;
}

/** A room's money, in tokens: earned for good, and held for outcomes. Nothing of a room that was never tipped. */
export async function roomMoney(pool: pg.Pool, roomId: string): Promise<{ earned: bigint; held: bigint }> {
  const { rows } = await withPostgres(() =>
    pool.query<{ kind: string; balance: bigint }>(
      "select kind, credits - debits as balance from accounts where owner = $1 and kind in ('earnings', 'escrow')",
      [roomId],
    ),
  );
  const of = (kind: string) => rows.find((row) => row.kind === kind)?.balance ?? 0n;
  return { earned: of('earnings'), held: of('escrow') };
}

/** Issues tokens to a wallet, once per credit id; answers whether it was this call. Throws Problem `unavailable`. */
export async function creditWallet(
  pool: pg.Pool,
  credit: { creditId: string; gateway: string; walletId: string; amount: bigint },
): Promise<boolean> {
  const { creditId, gateway, walletId, amount } = credit;
  const { rows } = await withPostgres(() =>
    pool.query<{ first: boolean }>('select credit_wallet($1, $2, $3, $4) as first', [
      creditId,
      gateway,
      walletId,
      amount,
    ]),
  );
  return rows[0]?.first === true;
}
