import type { Log } from '@nightjar/kit/log';
import type { Values } from './catalogue.ts';
import { deriveSecrets, type Installation, vaultRef, withFormerMarks } from './derive.ts';
import type { SecretStore } from './store.ts';
import { fillVault } from './vault.ts';

export interface SecretsOptions {
  readonly store: SecretStore;
  readonly given: Values;
  readonly installation: Installation;
  readonly nowMs: number;
  readonly log: Log;
}

/** Makes what is missing in the vault and writes every Secret that is derived from it. Safe to repeat and to run twice at once. */
export async function makeSecrets({ store, given, installation, nowMs, log }: SecretsOptions): Promise<void> {
  const { values, made } = await fillVault(store, vaultRef(installation), given, nowMs);
  if (made > 0) log.info('secrets_made', { count: made });
  log.info('secrets_written', { count: await writeSecrets(store, values, installation) });
}

/** Writes what is derived, and says how many Secrets were not right before. */
export async function writeSecrets(
  store: SecretStore,
  values: Values,
  installation: Installation,
): Promise<number> {
  let written = 0;
  for (const { ref, data } of deriveSecrets(values, installation)) {
    if (await store.put(ref, (held) => withFormerMarks(data, held))) written += 1;
  }
  return written;
}
