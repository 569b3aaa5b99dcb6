import { COMMON_SETTINGS, readSettings, type Settings, text, type Values } from '@nightjar/kit/settings';

const { httpListen, internalListen, logLevel, otlpUrl } = COMMON_SETTINGS;

/** Every setting of web. It is on no bus, knows no secret, and asks nobody who a client is. */
export const WEB_SETTINGS = {
  httpListen,
  internalListen,
  logLevel,
  otlpUrl,
  pagesFolder: text(
    'NIGHTJAR_PAGES_FOLDER',
    'the folder of the built pages; empty for those that were built with the service',
    { fallback: '' },
  ),
} as const satisfies Settings;

export type Config = Values<typeof WEB_SETTINGS>;

/** Reads web's settings. Throws SettingsError with every fault in it. */
export function toConfig(env: NodeJS.ProcessEnv): Config {
  return readSettings(WEB_SETTINGS, env);
}
