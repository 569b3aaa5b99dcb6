import {
  COMMON_SETTINGS,
  readSettings,
  type Settings,
  secretFile,
  streamCopies,
  type Values,
} from '@nightjar/kit/settings';

const postgresUrl = secretFile(
  'NIGHTJAR_POSTGRES_URL_FILE',
  "a file with PostgreSQL's URL for geofence's role",
);

/** Every setting of geofence. */
export const GEOFENCE_SETTINGS = {
  ...COMMON_SETTINGS,
  streamCopies,
  postgresUrl,
  fenceKey: secretFile(
    'NIGHTJAR_FENCE_KEY_FILE',
    'the private file of the fence key pair, as keygen makes it',
  ),
} as const satisfies Settings;

export type Config = Values<typeof GEOFENCE_SETTINGS>;

/** Reads geofence's settings. Throws SettingsError with every fault in it. */
export function toConfig(env: NodeJS.ProcessEnv): Config {
  return readSettings(GEOFENCE_SETTINGS, env);
}

/** What `migrate` needs, out of the same environment that the service has. */
export function toMigrateConfig(env: NodeJS.ProcessEnv): { postgresUrl: string } {
  return readSettings({ postgresUrl }, { [postgresUrl.name]: env[postgresUrl.name] });
}
