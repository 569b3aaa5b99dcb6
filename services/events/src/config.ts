import {
  COMMON_SETTINGS,
  integer,
  readSettings,
  secretFile,
  text,
  url,
  type Values,
} from '@nightjar/kit/settings';
import { type SenderKey, senderKeyRing } from '@nightjar/sealed/node/opaque-sender';

export const EVENTS_SETTINGS = {
  ...COMMON_SETTINGS,
  redisUrl: url('NIGHTJAR_REDIS_URL', 'Redis or Valkey, 7 or later'),
  geoipFile: text('NIGHTJAR_GEOIP_FILE', 'an MMDB with countries'),
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
  senderKeys: secretFile(
    'NIGHTJAR_SENDER_KEYS_FILE',
    'the keys that hide a tipper from payments: a JSON array of {keyId, key}, the newest first',
  ),
} as const;

export type Settings = Values<typeof EVENTS_SETTINGS>;

export interface Config extends Settings {
  readonly senders: { readonly current: SenderKey; readonly ring: ReturnType<typeof senderKeyRing> };
}

export function toConfig(env: NodeJS.ProcessEnv): Config {
  const settings = readSettings(EVENTS_SETTINGS, env);
  const keys = (JSON.parse(settings.senderKeys) as { keyId: string; key: string }[]).map(
    ({ keyId, key }) => ({
      keyId,
      key: Buffer.from(key, 'base64url'),
    }),
  );
  const [current] = keys;
  if (!current) throw new TypeError('NIGHTJAR_SENDER_KEYS_FILE has no key');
  return { ...settings, senders: { current, ring: senderKeyRing(keys) } };
}
