import type { ServerMessage } from '@nightjar/contracts/ws-protocol';

type Check = (message: Record<string, unknown>) => boolean;

const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

// What the session itself rests on. The rest of a message is between the server and the reader.
const CHECKS: Record<ServerMessage['t'], Check> = {
  welcome: (m) =>
    isText(m.roomId) &&
    isText(m.role) &&
    isText(m.epoch) &&
    isCount(m.offset) &&
    isCount(m.from) &&
    typeof m.recovered === 'boolean' &&
    isObject(m.snapshot) &&
    isCount(m.viewers) &&
    typeof m.serverMs === 'number',
  entry: (m) => isCount(m.offset) && isText(m.kind) && isText(m.at),
  presence: (m) => isCount(m.viewers),
  pong: (m) => isCount(m.n),
  receipt: (m) => isText(m.tipId) && typeof m.held === 'boolean',
  posted: (m) => isText(m.id),
  'key-asked': (m) => isText(m.ref) && isObject(m.request),
  key: (m) => isObject(m.key),
  seat: (m) => typeof m.held === 'boolean',
  permit: (m) => isCount(m.n) && typeof m.forMs === 'number' && typeof m.serverMs === 'number',
  refused: (m) => isCount(m.n) && isText(m.code),
  settled: (m) => isText(m.tipId),
  going: (m) => isCount(m.inMs),
  error: (m) => isText(m.code) && typeof m.retry === 'boolean',
};

/**
 * Reads one frame of the server. `unknown` is a message of a later version, to be passed over; `bad` is no message.
 */
export function parseServerMessage(frame: unknown): ServerMessage | 'unknown' | 'bad' {
  if (typeof frame !== 'string') return 'bad';
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return 'bad';
  }
  if (typeof value !== 'object' || value === null || !('t' in value) || typeof value.t !== 'string')
    return 'bad';
  if (!Object.hasOwn(CHECKS, value.t)) return 'unknown';
  const message = value as Record<string, unknown> & { t: ServerMessage['t'] };
  return CHECKS[message.t](message) ? (message as unknown as ServerMessage) : 'bad';
}
