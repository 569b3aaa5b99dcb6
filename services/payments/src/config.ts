import {
  COMMON_SETTINGS,
  integer,
  readSettings,
  type Setting,
  type Settings,
  SettingsError,
  secretFile,
  streamCopies,
  type Values,
} from '@nightjar/kit/settings';
import { parseSealKeys, type SealKeys } from '@nightjar/sealed/node/seal-keys';

const ledgerUrl = secretFile(
  'NIGHTJAR_POSTGRES_URL_FILE',
  "a file with PostgreSQL's URL for the ledger's role",
);
const billingUrl = secretFile(
  'NIGHTJAR_BILLING_POSTGRES_URL_FILE',
  "a file with PostgreSQL's URL for billing's role, which reads nothing of the ledger",
);

const sealKeys: Setting<SealKeys> = {
  ...secretFile(
    'NIGHTJAR_SEAL_KEYS_FILE',
    'a file with the keys that tip orders are sealed to, made by keygen',
  ),
  parse: (text) => {
    const keys = parseSealKeys(text);
    if (!keys) throw new SettingsError('its file must be one that keygen made');
    return keys;
  },
};

/** Every setting of payments. */
export const PAYMENTS_SETTINGS = {
  ...COMMON_SETTINGS,
  streamCopies,
  ledgerUrl,
  billingUrl,
  sealKeys,
  walletsPerSecond: integer(
    'NIGHTJAR_WALLETS_PER_SECOND',
    'wallets a second that one client address may go on opening',
    { min: 1, max: 10_000 },
    { fallback: '5' },
  ),
  walletsBurst: integer(
    'NIGHTJAR_WALLETS_BURST',
    'wallets that one client address may open at once',
    { min: 1, max: 10_000 },
    { fallback: '100' },
  ),
} as const satisfies Settings;

export type Config = Values<typeof PAYMENTS_SETTINGS>;

/** Reads payments' settings. Throws SettingsError with every fault in it. */
export function toConfig(env: NodeJS.ProcessEnv): Config {
  return readSettings(PAYMENTS_SETTINGS, env);
}

export type MigrateConfig = Pick<Config, 'ledgerUrl' | 'billingUrl'>;

/** What `migrate` needs, out of the same environment that the service has. */
export function toMigrateConfig(env: NodeJS.ProcessEnv): MigrateConfig {
  const settings = { ledgerUrl, billingUrl } as const;
  const names = Object.values(settings).map(({ name }) => [name, env[name]]);
  return readSettings(settings, Object.fromEntries(names));
}
