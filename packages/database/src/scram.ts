import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** As PostgreSQL itself has it. */
const ITERATIONS = 4_096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Whether SASLprep (RFC 4013) leaves a password as it is: letters, digits and signs of ASCII. */
export function isPreparedPassword(password: string): boolean {
  return /^[\x20-\x7e]+$/.test(password);
}

/**
 * What PostgreSQL keeps of a password (RFC 5802, RFC 7677; in the form of RFC 5803's SCRAM-SHA-256). It takes this in the
 * password's place, so that the password itself is in no statement and in no log of statements.
 *
 * @param password prepared: see `isPreparedPassword`
 */
export function scramVerifier(password: string, salt: Uint8Array = randomBytes(SALT_BYTES)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const keyFor = (use: string) => createHmac('sha256', salted).update(use).digest();
  const storedKey = createHash('sha256').update(keyFor('Client Key')).digest('base64');
  const serverKey = keyFor('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`;
}
