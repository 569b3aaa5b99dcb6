/** Prints a new file for NIGHTJAR_SENDER_KEYS_FILE. To rotate, put a new key before the old ones. */
import { randomBytes, randomUUID } from 'node:crypto';

process.stdout.write(
  `${JSON.stringify([{ keyId: randomUUID(), key: randomBytes(32).toString('base64url') }])}\n`,
);
