import { decide } from '@nightjar/fence/decide';
import type { Facts } from '@nightjar/fence/facts';
import type { PolicyKeyRing } from '@nightjar/fence/sign';
import { BoundedMap } from './bounded-map.ts';
import { NO_SLUG_MS, SLUGS_MAX } from './limits.ts';
import { Policies, type PolicySource } from './policies.ts';

export interface FenceSource extends PolicySource {
  /** The id of the room with this slug; null when there is none, undefined when rooms does not answer. */
  roomOf(slug: string): Promise<string | null | undefined>;
}

const ROOM_NAMED = /^[a-z0-9_-]{1,64}$/;

/**
 * Says early who may not know of a room. It only ever adds to what the services decide themselves: where it has no policy
 * it refuses nobody, and neither where they may know more of the connection than the edge does.
 */
export class Fence {
  readonly #policies: Policies;
  readonly #slugs = new BoundedMap<string, { roomId: string | null; atMs: number }>(SLUGS_MAX);

  constructor(keys: PolicyKeyRing) {
    this.#policies = new Policies(keys);
  }

  /** @param named the room as it stands in a path, escaped or not */
  async refuses(named: string, facts: Facts, source: FenceSource, nowMs: number): Promise<boolean> {
    const room = unescaped(named);
    if (room === undefined || !ROOM_NAMED.test(room)) return false;
    const roomId = room.startsWith('room_') ? room : await this.#roomOf(room, source, nowMs);
    const policy = roomId && (await this.#policies.of(roomId, source, nowMs));
    if (!policy) return false;
    const { allowed, rule } = decide(policy, facts);
    return !allowed && (rule !== 'unknown' || isFinal(facts));
  }

  async #roomOf(slug: string, source: FenceSource, nowMs: number): Promise<string | null> {
    const known = this.#slugs.get(slug);
    if (known && (known.roomId !== null || nowMs - known.atMs < NO_SLUG_MS)) return known.roomId;
    const roomId = await source.roomOf(slug).catch(() => undefined);
    if (roomId === undefined) return null;
    this.#slugs.set(slug, { roomId, atMs: nowMs });
    return roomId;
  }
}

/** A service adds what its own database knows only where the edge knows no country: see packages/fence/src/connection.ts. */
function isFinal({ country, anonymizer }: Facts): boolean {
  return country !== undefined || anonymizer === true;
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
