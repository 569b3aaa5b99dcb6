import type { Log } from '@nightjar/kit/log';
import { deriveSecrets, type Installation, vaultRef } from './derive.ts';
import { readGiven } from './given.ts';
import type { SecretStore } from './store.ts';
import { fillVault } from './vault.ts';

export interface SecretsOptions {
  readonly store: SecretStore;
  /** Empty where nothing is given. */
  readonly givenFolder: string;
  readonly installation: Installation;
  readonly nowMs: number;
  readonly log: Log;
}

/** Makes what is missing in the vault and writes every Secret that is derived from it. Safe to repeat and to run twice at once. */
export async function makeSecrets(options: SecretsOptions): Promise<void> {
  const { store, installation, log } = options;
  const given = await readGiven(options.givenFolder);
  const { values, made } = await fillVault(store, vaultRef(installation), given, options.nowMs);
  if (made > 0) log.info('secrets_made', { count: made });
  let written = 0;
  for (const { ref, data } of deriveSecrets(values, installation)) {
    if (await store.put(ref, data)) written += 1;
  }
  log.info('secrets_written', { count: written });
}
