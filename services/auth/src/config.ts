import type { AddressLimit } from '@nightjar/kit/address-limits';
import {
  COMMON_SETTINGS,
  integer,
  type Listen,
  readSettings,
  type Setting,
  type Settings,
  SettingsError,
  secretFile,
} from '@nightjar/kit/settings';
import type { SealKeys } from './signing/seal.ts';
import { parseSecretKey, parseSecretKeys } from './signing/secret-keys.ts';

const postgresUrl = secretFile('NIGHTJAR_POSTGRES_URL_FILE', "a file with PostgreSQL's URL for auth's role");

const sealKeys: Setting<SealKeys> = {
  ...secretFile(
    'NIGHTJAR_SIGNING_SEAL_KEY_FILE',
    'a file with the 32-byte key, in base64, that private signing keys are encrypted under; former ones on further lines',
  ),
  parse: (text) => parseSecretKeys(text) ?? fail(),
};

const pseudonymKey: Setting<Uint8Array> = {
  ...secretFile(
    'NIGHTJAR_PSEUDONYM_KEY_FILE',
    'a file with the 32-byte key, in base64, that makes subjects and pseudonyms; another key, and everybody is new everywhere',
  ),
  parse: (text) => parseSecretKey(text) ?? fail(),
};

function fail(): never {
  throw new SettingsError('its file must hold 32 random bytes in base64');
}

/** Every setting of auth. */
export const AUTH_SETTINGS = {
  ...COMMON_SETTINGS,
  postgresUrl,
  sealKeys,
  pseudonymKey,
  requestsPerSecond: integer(
    'NIGHTJAR_SIGN_IN_PER_SECOND',
    'sign-in requests a second that one client address may go on making, of each kind',
    { min: 1, max: 10_000 },
    { fallback: '5' },
  ),
  requestsBurst: integer(
    'NIGHTJAR_SIGN_IN_BURST',
    'sign-in requests that one client address may make at once, of each kind',
    { min: 1, max: 10_000 },
    { fallback: '100' },
  ),
} as const satisfies Settings;

export interface Config {
  readonly httpListen: Listen;
  readonly internalListen: Listen;
  readonly natsUrl: string;
  readonly postgresUrl: string;
  readonly sealKeys: SealKeys;
  readonly pseudonymKey: Uint8Array;
  readonly limit: AddressLimit;
  readonly trustedHops: readonly string[];
  readonly edgePublicKeys: string;
  readonly logLevel: string;
  readonly otlpUrl: string;
}

/** Reads auth's settings. Throws SettingsError with every fault in it. */
export function toConfig(env: NodeJS.ProcessEnv): Config {
  const { requestsPerSecond, requestsBurst, ...rest } = readSettings(AUTH_SETTINGS, env);
  return { ...rest, limit: { perSecond: requestsPerSecond, burst: requestsBurst } };
}

/** What `migrate` needs, out of the same environment that the service has. */
export function toMigrateConfig(env: NodeJS.ProcessEnv): { postgresUrl: string } {
  return readSettings({ postgresUrl }, only(env, [postgresUrl.name]));
}

/** What the operator's command needs; the rest of the environment is its caller's business. */
export function toOperatorConfig(env: NodeJS.ProcessEnv): { postgresUrl: string } {
  return toMigrateConfig(env);
}

/** The sealing keys alone, for the operator's `keys rotate`. */
export function toSealKeys(env: NodeJS.ProcessEnv): SealKeys {
  return readSettings({ sealKeys }, only(env, [sealKeys.name])).sealKeys;
}

function only(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}
