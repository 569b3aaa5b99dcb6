import { toBase64Url } from '@nightjar/sealed/base64url';
import type { KeeperStatement } from '@nightjar/sealed/chat-keeper-statement';

/** Whom this device has believed to keep a room's chat keys, since it first came there. */
export interface KeeperPin {
  /** Ed25519, base64url. */
  readonly publicKey: string;
  /** The highest number of a statement that was seen, and the key that it named. */
  readonly number: number;
  readonly keyId: string;
}

/** Where pins live: they are worth something only as long as they are kept. */
export interface KeeperPins {
  get(roomId: string): Promise<KeeperPin | undefined>;
  set(roomId: string, pin: KeeperPin): Promise<void>;
}

/** Pins for as long as the program runs. */
export function memoryPins(): KeeperPins {
  const pins = new Map<string, KeeperPin>();
  return {
    async get(roomId) {
      return pins.get(roomId);
    },
    async set(roomId, pin) {
      pins.set(roomId, pin);
    },
  };
}

/**
 * `first`: nobody was believed before. `good`: the same keeper, nothing old. `other_key`: somebody else says to be the
 * keeper. `old`: a statement that the same keeper has replaced since, so somebody turns the room back.
 */
export type PinJudgement = 'first' | 'good' | 'other_key' | 'old';

export function judgeStatement(pin: KeeperPin | undefined, statement: KeeperStatement): PinJudgement {
  if (!pin) return 'first';
  if (pin.publicKey !== toBase64Url(statement.publicKey)) return 'other_key';
  if (statement.number < pin.number) return 'old';
  return statement.number > pin.number || statement.keyId === pin.keyId ? 'good' : 'old';
}

export function toPin({ publicKey, number, keyId }: KeeperStatement): KeeperPin {
  return { publicKey: toBase64Url(publicKey), number, keyId };
}
