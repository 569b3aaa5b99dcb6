import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

export interface StoredKey {
  readonly kid: string;
  readonly publicKey: Uint8Array;
  readonly sealedSeed: Uint8Array;
  readonly signsFromMs: number;
}

/** All pods and the operator's command change keys one at a time under this lock. */
const KEYS_LOCK = 0x6e6a10;

export async function readKeys(db: Kysely<Tables>): Promise<StoredKey[]> {
  const rows = await db.selectFrom('signing_keys').selectAll().orderBy('signs_from').execute();
  return rows.map((row) => ({
    kid: row.kid,
    publicKey: row.public_key,
    sealedSeed: row.sealed_seed,
    signsFromMs: row.signs_from.getTime(),
  }));
}

/** Reads the keys and changes them with nobody else at it; answers what stands afterwards. */
export async function changeKeys(
  db: Kysely<Tables>,
  change: (keys: readonly StoredKey[]) => Promise<{ add?: StoredKey; remove: readonly string[] }>,
): Promise<StoredKey[]> {
  return await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${KEYS_LOCK})`.execute(tx);
    const { add, remove } = await change(await readKeys(tx));
    if (add) {
      await tx
        .insertInto('signing_keys')
        .values({
          kid: add.kid,
          public_key: add.publicKey,
          sealed_seed: add.sealedSeed,
          signs_from: new Date(add.signsFromMs),
        })
        .execute();
    }
    if (remove.length > 0)
      await tx
        .deleteFrom('signing_keys')
        .where('kid', 'in', [...remove])
        .execute();
    return await readKeys(tx);
  });
}
