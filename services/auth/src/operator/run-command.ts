import type { Kysely } from 'kysely';
import { PUBLISHED_AHEAD_MS, planKeys } from '../domain/key-schedule.ts';
import { newSigningKey } from '../signing/new-key.ts';
import { openSeed, type SealKeys } from '../signing/seal.ts';
import { findAccount } from '../store/accounts.ts';
import {
  activeBroadcaster,
  addBroadcaster,
  listBroadcasters,
  removeBroadcaster,
} from '../store/broadcasters.ts';
import { changeKeys, readKeys } from '../store/signing-keys.ts';
import type { Tables } from '../store/tables.ts';
import type { Command } from './parse-command.ts';
import { OperatorError } from './usage.ts';

export interface OperatorContext {
  readonly db: Kysely<Tables>;
  readonly sealKeys: () => SealKeys;
  readonly nowMs: number;
}

/** Does what was asked; answers the lines to print. Throws OperatorError, and whatever PostgreSQL throws. */
export async function runCommand(
  command: Exclude<Command, { name: 'help' }>,
  context: OperatorContext,
): Promise<string[]> {
  const { db } = context;
  switch (command.name) {
    case 'broadcaster add':
      return [await addBroadcaster(db, command.publicKey)];
    case 'broadcaster list':
      return (await listBroadcasters(db)).map(({ id, active, publicKeys }) =>
        [id, active ? 'active' : 'removed', ...publicKeys.map(toText)].join('  '),
      );
    case 'broadcaster remove': {
      const id = 'id' in command ? command.id : await broadcasterOf(db, command.publicKey);
      if (!id || !(await removeBroadcaster(db, id)))
        throw new OperatorError('there is no such active broadcaster');
      return [`${id} is no longer a broadcaster; access tokens that are out run for at most 10 minutes more`];
    }
    case 'keys list':
      return (await readKeys(db)).map(
        ({ kid, signsFromMs }) => `${kid}  signs from ${new Date(signsFromMs).toISOString()}`,
      );
    case 'keys rotate':
      return rotate(context);
  }
}

async function broadcasterOf(db: Kysely<Tables>, publicKey: Uint8Array) {
  const accountId = await findAccount(db, publicKey);
  return accountId && (await activeBroadcaster(db, accountId));
}

async function rotate({ db, sealKeys, nowMs }: OperatorContext): Promise<string[]> {
  const keys = sealKeys();
  let said = '';
  await changeKeys(db, async (stored) => {
    const waiting = stored.find((key) => key.signsFromMs > nowMs);
    if (waiting) {
      said = `${waiting.kid} is published already and signs from ${new Date(waiting.signsFromMs).toISOString()}`;
      return { remove: [] };
    }
    const scheduled = stored.map((key) => ({
      kid: key.kid,
      signsFromMs: key.signsFromMs,
      usable: openSeed(keys, key.kid, key.sealedSeed) !== undefined,
    }));
    if (stored.length > 0 && !scheduled.some((key) => key.usable))
      throw new OperatorError(
        'the sealing key opens none of the signing keys: use the NIGHTJAR_SIGNING_SEAL_KEY_FILE that auth has',
      );
    const { remove, signer } = planKeys(scheduled, nowMs);
    const add = await newSigningKey(keys, signer ? nowMs + PUBLISHED_AHEAD_MS : nowMs);
    said = `${add.kid} is published and signs from ${new Date(add.signsFromMs).toISOString()}`;
    return { add, remove };
  });
  return [said];
}

const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
