import { bundledGeoipFile } from '@nightjar/fence/mmdb';
import {
  COMMON_SETTINGS,
  readSettings,
  secretFile,
  streamCopies,
  text,
  url,
  type Values,
} from '@nightjar/kit/settings';

const postgresUrl = secretFile(
  'NIGHTJAR_POSTGRES_URL_FILE',
  'a file with the URL of PostgreSQL, as the role of rooms',
);

export const ROOMS_SETTINGS = {
  ...COMMON_SETTINGS,
  streamCopies,
  postgresUrl,
  livekitUrl: url('NIGHTJAR_LIVEKIT_URL', "LiveKit's API, http://…, as services reach it"),
  livekitPublicUrl: url('NIGHTJAR_LIVEKIT_PUBLIC_URL', 'LiveKit, ws://… or wss://…, as clients reach it'),
  livekitKey: text('NIGHTJAR_LIVEKIT_KEY', "the name of LiveKit's API key"),
  livekitSecret: secretFile('NIGHTJAR_LIVEKIT_SECRET_FILE', "a file with LiveKit's API secret"),
  geoipFile: text('NIGHTJAR_GEOIP_FILE', 'where addresses are; an MMDB. Empty for the one that comes along', {
    fallback: '',
  }),
  fencePublicKeys: secretFile(
    'NIGHTJAR_FENCE_PUBLIC_KEYS_FILE',
    'a file with the public keys whose fence policies are trusted',
  ),
} as const;

export type Config = Values<typeof ROOMS_SETTINGS>;

/** Throws SettingsError with every fault. */
export function toConfig(env: NodeJS.ProcessEnv): Config {
  const settings = readSettings(ROOMS_SETTINGS, env);
  return { ...settings, geoipFile: settings.geoipFile || bundledGeoipFile() };
}

/** What `migrate` needs, out of the same environment that the service has. */
export function toMigrateConfig(env: NodeJS.ProcessEnv): { postgresUrl: string } {
  return readSettings({ postgresUrl }, { [postgresUrl.name]: env[postgresUrl.name] });
}
