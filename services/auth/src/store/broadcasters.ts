import { type Id, randomId } from '@nightjar/kit/ids';
import type { Kysely } from 'kysely';
import { type AccountId, findOrMakeAccount } from './accounts.ts';
import type { Tables } from './tables.ts';

export type BroadcasterId = Id<'bcst'>;

export interface Broadcaster {
  readonly id: BroadcasterId;
  readonly active: boolean;
  readonly publicKeys: readonly Uint8Array[];
}

/** The broadcaster that this account is at present. */
export async function activeBroadcaster(
  db: Kysely<Tables>,
  accountId: AccountId,
): Promise<BroadcasterId | undefined> {
  const row = await db
    .selectFrom('broadcasters')
    .select('id')
    .where('account_id', '=', accountId)
    .where('active', '=', true)
    .executeTakeFirst();
  return row?.id as BroadcasterId | undefined;
}

/** Makes the key's account a broadcaster, or finds that it is one. Whoever was removed before gets the former id. */
export async function addBroadcaster(db: Kysely<Tables>, publicKey: Uint8Array): Promise<BroadcasterId> {
  return await db.transaction().execute(async (tx) => {
    const accountId = await findOrMakeAccount(tx, publicKey);
    const row = await tx
      .insertInto('broadcasters')
      .values({ id: randomId('bcst'), account_id: accountId })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ active: true }))
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id as BroadcasterId;
  });
}

/** Takes the capacity away. Says whether there was such a broadcaster. */
export async function removeBroadcaster(db: Kysely<Tables>, id: string): Promise<boolean> {
  const result = await db
    .updateTable('broadcasters')
    .set({ active: false })
    .where('id', '=', id)
    .where('active', '=', true)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function listBroadcasters(db: Kysely<Tables>): Promise<Broadcaster[]> {
  const rows = await db
    .selectFrom('broadcasters')
    .innerJoin('device_keys', 'device_keys.account_id', 'broadcasters.account_id')
    .select(['broadcasters.id', 'active', 'public_key'])
    .orderBy('broadcasters.id')
    .execute();
  const found = new Map<string, Broadcaster>();
  for (const row of rows) {
    const id = row.id as BroadcasterId;
    const publicKeys = [...(found.get(id)?.publicKeys ?? []), row.public_key];
    found.set(id, { id, active: row.active, publicKeys });
  }
  return [...found.values()];
}
