import {
  COMMON_SETTINGS,
  type Listen,
  listen,
  readSettings,
  type Setting,
  type Settings,
  SettingsError,
  secretFile,
  text,
  textFile,
  url,
  type Values,
} from '@nightjar/kit/settings';

const { httpListen, internalListen, logLevel, otlpUrl, trustedHops } = COMMON_SETTINGS;

const ageConfirmation: Setting<number | null> = {
  name: 'NIGHTJAR_AGE_CONFIRMATION',
  doc: 'the age that people confirm before they see a room, such as 18; empty where they are not asked',
  fallback: '',
  parse: (value) => {
    if (value === '') return null;
    if (/^[1-9]\d?$/.test(value)) return Number(value);
    throw new SettingsError('must be an age in years, or empty');
  },
};

const playMoney: Setting<boolean> = {
  name: 'NIGHTJAR_PLAY_MONEY',
  doc: 'whether the pages fill wallets with play money, true or false',
  fallback: 'true',
  parse: (value) => {
    if (value === 'true' || value === 'false') return value === 'true';
    throw new SettingsError('must be true or false');
  },
};

const publicOrigin: Setting<string> = {
  name: 'NIGHTJAR_PUBLIC_ORIGIN',
  doc: 'the origin as people see it, https://…, where something in front ends TLS; empty for the one that they ask for',
  fallback: '',
  parse: (value) => {
    if (value === '' || URL.parse(value)?.origin === value) return value;
    throw new SettingsError('must be an origin, such as https://live.example, without anything behind it');
  },
};

const testListen: Setting<Listen | undefined> = {
  name: 'NIGHTJAR_EDGE_TEST_LISTEN',
  doc: 'a second door, HOST:PORT, that takes where a client comes from out of a header; for tests alone, empty otherwise',
  fallback: '',
  parse: (value) => (value === '' ? undefined : listen('NIGHTJAR_EDGE_TEST_LISTEN', '').parse(value)),
};

/** Every setting of the edge as it runs under workerd. */
export const EDGE_SETTINGS = {
  httpListen,
  internalListen,
  logLevel,
  otlpUrl,
  trustedHops,
  edgeKey: secretFile(
    'NIGHTJAR_EDGE_KEY_FILE',
    "the private file of the edge's key pair, as keygen makes it",
  ),
  fencePublicKeys: textFile(
    'NIGHTJAR_FENCE_PUBLIC_KEYS_FILE',
    'a file with the public keys whose fence policies are trusted',
  ),
  authUrl: url('NIGHTJAR_AUTH_URL', 'auth, http://HOST:PORT'),
  roomsUrl: url('NIGHTJAR_ROOMS_URL', 'rooms'),
  paymentsUrl: url('NIGHTJAR_PAYMENTS_URL', 'payments'),
  eventsUrl: url('NIGHTJAR_EVENTS_URL', 'events'),
  geofenceUrl: url('NIGHTJAR_GEOFENCE_URL', 'geofence'),
  livekitUrl: url(
    'NIGHTJAR_LIVEKIT_URL',
    "LiveKit's one HTTP port, of which only the signalling is let through",
  ),
  webUrl: url('NIGHTJAR_WEB_URL', 'web, which has the pages'),
  publicOrigin,
  siteName: text('NIGHTJAR_SITE_NAME', 'the name that pages show', { fallback: 'Nightjar' }),
  ageConfirmation,
  playMoney,
  testListen,
} as const satisfies Settings;

export type Config = Values<typeof EDGE_SETTINGS>;

/** Reads the edge's settings. Throws SettingsError with every fault in it. */
export function toConfig(env: NodeJS.ProcessEnv): Config {
  return readSettings(EDGE_SETTINGS, env);
}
