import { bundledGeoipFile } from '@nightjar/fence/mmdb';
import {
  COMMON_SETTINGS,
  integer,
  readSettings,
  type Setting,
  SettingsError,
  secretFile,
  secretUrlFile,
  text,
  type Values,
} from '@nightjar/kit/settings';
import { parseSenderKeys, type SenderKeys } from '@nightjar/sealed/node/sender-keys';

const senders: Setting<SenderKeys> = {
  ...secretFile(
    'NIGHTJAR_SENDER_KEYS_FILE',
    'the keys that hide a tipper from payments: a JSON array of {keyId, key}, the newest first',
  ),
  parse: (text) => {
    const keys = parseSenderKeys(text);
    if (!keys) throw new SettingsError('its file must be one that keygen made');
    return keys;
  },
};

export const EVENTS_SETTINGS = {
  ...COMMON_SETTINGS,
  redisUrl: secretUrlFile(
    'NIGHTJAR_REDIS_URL_FILE',
    'a file with the URL of Redis or Valkey, 7 or later, redis://:PASSWORD@HOST:PORT',
    { protocols: ['redis:', 'rediss:'], example: 'redis://:PASSWORD@HOST:PORT or rediss://…' },
  ),
  geoipFile: text('NIGHTJAR_GEOIP_FILE', 'where addresses are; an MMDB. Empty for the one that comes along', {
    fallback: '',
  }),
  fencePublicKeys: secretFile(
    'NIGHTJAR_FENCE_PUBLIC_KEYS_FILE',
    'the keys that fence policies are signed with',
  ),
  ticketsPerSecond: integer(
    'NIGHTJAR_TICKETS_PER_SECOND',
    'join tickets a second that one client address may go on asking for',
    { min: 1, max: 10_000 },
    { fallback: '5' },
  ),
  ticketsBurst: integer(
    'NIGHTJAR_TICKETS_BURST',
    'join tickets that one client address may ask for at once',
    { min: 1, max: 10_000 },
    { fallback: '50' },
  ),
  senders,
} as const;

export type Config = Values<typeof EVENTS_SETTINGS>;

export function toConfig(env: NodeJS.ProcessEnv): Config {
  const settings = readSettings(EVENTS_SETTINGS, env);
  return { ...settings, geoipFile: settings.geoipFile || bundledGeoipFile() };
}
