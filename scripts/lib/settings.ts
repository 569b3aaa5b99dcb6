import { PORT_SETTINGS } from './port-table.ts';

const OWN = [
  'NIGHTJAR_CACHE',
  'NIGHTJAR_STATE',
  'NIGHTJAR_POSTGRES_URL',
  'NIGHTJAR_REDIS_URL',
  'NIGHTJAR_NATS_URL',
  'NIGHTJAR_LIVEKIT_URL',
  'NIGHTJAR_LIVEKIT_KEY',
  'NIGHTJAR_LIVEKIT_SECRET_FILE',
  'NIGHTJAR_LOG_LEVEL',
  'NIGHTJAR_OTLP_URL',
  'NIGHTJAR_TRUSTED_HOPS',
  // Of the viewer, the bridge and the demo, which may stand in the same shell.
  'NIGHTJAR_HOME',
  'NIGHTJAR_ENDPOINTS',
  'NIGHTJAR_DEMO_HOME',
];

/** A misspelt setting is refused here as it is by every service, not passed over. */
export function refuseUnknownSettings(env: NodeJS.ProcessEnv): void {
  const known = new Set([...OWN, ...PORT_SETTINGS]);
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith('NIGHTJAR_') && !name.startsWith('NIGHTJAR_TEST_') && !known.has(name),
  );
  if (unknown.length > 0) {
    throw new Error(`no such setting: ${unknown.join(', ')}\nThere are: ${[...known].join(', ')}`);
  }
}
