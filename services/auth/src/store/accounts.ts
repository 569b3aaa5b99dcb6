import { type Id, randomId } from '@nightjar/kit/ids';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export type AccountId = Id<'acct'>;

export async function findAccount(db: Kysely<Tables>, publicKey: Uint8Array): Promise<AccountId | undefined> {
  const row = await db
    .selectFrom('device_keys')
    .select('account_id')
    .where('public_key', '=', publicKey)
    .executeTakeFirst();
  return row?.account_id as AccountId | undefined;
}

/** The account of a key; an unknown key gets a new one. To be called in a transaction. */
export async function findOrMakeAccount(tx: Kysely<Tables>, publicKey: Uint8Array): Promise<AccountId> {
  const found = await findAccount(tx, publicKey);
  if (found) return found;
  const id: AccountId = randomId('acct');
  await tx.insertInto('accounts').values({ id }).execute();
  const added = await tx
    .insertInto('device_keys')
    .values({ public_key: publicKey, account_id: id })
    .onConflict((conflict) => conflict.column('public_key').doNothing())
    .returning('account_id')
    .executeTakeFirst();
  if (added) return id;
  // The same key signed in elsewhere at this moment and was first.
  await tx.deleteFrom('accounts').where('id', '=', id).execute();
  const first = await findAccount(tx, publicKey);
  if (!first) throw new Error('a device key vanished while it signed in');
  return first;
}

/** Removes the account of a key with all that hangs on it. */
export async function deleteAccount(db: Kysely<Tables>, publicKey: Uint8Array): Promise<void> {
  await db
    .deleteFrom('accounts')
    .where('id', 'in', (query) =>
      query.selectFrom('device_keys').select('account_id').where('public_key', '=', publicKey),
    )
    .execute();
}
