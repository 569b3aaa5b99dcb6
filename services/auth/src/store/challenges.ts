import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** How long a challenge may be answered. */
export const CHALLENGE_MS = 60_000;
/** Rows that one cleaning statement removes at most. */
const CLEANED_MAX = 5_000;

const hashOf = (challenge: string) => createHash('sha256').update(challenge).digest();

export async function addChallenge(db: Kysely<Tables>, challenge: string, expiresAt: Date): Promise<void> {
  await db
    .insertInto('challenges')
    .values({ hash: hashOf(challenge), expires_at: expiresAt })
    .execute();
}

/** Uses a challenge up. Of several attempts at a time one gets true, since one deletes the row. */
export async function takeChallenge(db: Kysely<Tables>, challenge: string, now: Date): Promise<boolean> {
  const taken = await db
    .deleteFrom('challenges')
    .where('hash', '=', hashOf(challenge))
    .returning('expires_at')
    .executeTakeFirst();
  return taken !== undefined && taken.expires_at > now;
}

/** Removes some of the challenges that nobody answered in time. */
export async function cleanChallenges(db: Kysely<Tables>, now: Date): Promise<void> {
  await sql`delete from challenges where hash in
    (select hash from challenges where expires_at < ${now} limit ${CLEANED_MAX} for update skip locked)`.execute(
    db,
  );
}
