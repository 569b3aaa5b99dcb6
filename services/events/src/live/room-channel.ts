import type { KeyFor, Sealed } from '@nightjar/contracts/ws-protocol';
import { CHANNEL_MESSAGE_CHARACTERS_MAX } from '../limits.ts';

/** Somebody asks for the chat's key. `ref` names their connection, on whichever pod it is. */
export interface KeyAsked {
  readonly ref: string;
  readonly from?: string;
  readonly request: Sealed;
}

/** What pods hear on a room's channel. Entries and presence come from redis/room.lua; the rest is kept nowhere. */
export type ChannelMessage =
  | { readonly is: 'entry'; readonly epoch: string; readonly offset: number; readonly entry: string }
  | { readonly is: 'presence'; readonly viewers: number }
  | { readonly is: 'key-asked'; readonly asked: KeyAsked }
  | { readonly is: 'keys'; readonly keys: readonly KeyFor[] };

const ENTRY = /^e (\S+) (\d+) /;

export function keyAskedMessage(asked: KeyAsked): string {
  return `a ${JSON.stringify(asked)}`;
}

export function keysMessage(keys: readonly KeyFor[]): string {
  return `k ${JSON.stringify(keys)}`;
}

/** Reads one; undefined for what is not of its form, or of a later version. */
export function readChannel(message: string): ChannelMessage | undefined {
  const body = message.slice(2);
  switch (message.slice(0, 2)) {
    case 'e ': {
      const [head, epoch, offset] = ENTRY.exec(message) ?? [];
      if (head === undefined || epoch === undefined) return undefined;
      return { is: 'entry', epoch, offset: Number(offset), entry: message.slice(head.length) };
    }
    case 'p ':
      return /^\d+$/.test(body) ? { is: 'presence', viewers: Number(body) } : undefined;
    case 'a ': {
      const asked = parse(body);
      return isKeyAsked(asked) ? { is: 'key-asked', asked } : undefined;
    }
    case 'k ': {
      const keys = parse(body);
      return Array.isArray(keys) && keys.every(isKeyFor) ? { is: 'keys', keys } : undefined;
    }
    default:
      return undefined;
  }
}

function parse(text: string): unknown {
  if (text.length > CHANNEL_MESSAGE_CHARACTERS_MAX) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isKeyAsked(value: unknown): value is KeyAsked {
  return (
    isObject(value) &&
    typeof value.ref === 'string' &&
    (value.from === undefined || typeof value.from === 'string') &&
    isSealed(value.request)
  );
}

function isKeyFor(value: unknown): value is KeyFor {
  return isObject(value) && typeof value.to === 'string' && isSealed(value.key);
}

function isSealed(value: unknown): value is Sealed {
  return (
    isObject(value) &&
    typeof value.scheme === 'string' &&
    typeof value.keyId === 'string' &&
    typeof value.bytes === 'string'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
