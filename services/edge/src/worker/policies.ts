import type { Policy } from '@nightjar/fence/compile';
import { type PolicyKeyRing, verifyPolicy } from '@nightjar/fence/sign';
import { BoundedMap } from './bounded-map.ts';
import { POLICIES_MAX, POLICY_AGE_MS_MAX, POLICY_RENEW_MS, POLICY_RETRY_MS } from './limits.ts';

interface Held {
  /** The latest that was seen of the room, however old our knowledge of it. */
  policy?: Policy;
  /** When it was asked for that said so: an answer is as old as its question. */
  knownAtMs: number;
  askedAtMs: number;
}

export interface PolicySource {
  /** The signed bytes of a room's policy; undefined when geofence has none or does not answer. */
  ask(roomId: string): Promise<Uint8Array | undefined>;
  /** Lets work go on behind the answer. */
  later(work: Promise<unknown>): void;
}

/**
 * The policies of rooms that are asked for, each verified, none older than 10 s. No promise is shared between requests:
 * in a Worker what one request waits for ends with it.
 */
export class Policies {
  readonly #keys: PolicyKeyRing;
  readonly #held = new BoundedMap<string, Held>(POLICIES_MAX);

  constructor(keys: PolicyKeyRing) {
    this.#keys = keys;
  }

  /** Waits for the source only where there is nothing that may be used. Undefined: the edge cannot decide. */
  async of(roomId: string, source: PolicySource, nowMs: number): Promise<Policy | undefined> {
    const held = this.#held.get(roomId);
    const fresh = held?.policy && nowMs - held.knownAtMs < POLICY_AGE_MS_MAX ? held.policy : undefined;
    if (fresh && nowMs - (held?.knownAtMs ?? 0) < POLICY_RENEW_MS) return fresh;
    if (held && nowMs - held.askedAtMs < POLICY_RETRY_MS) return fresh;
    const renewing = this.#renew(roomId, source, nowMs);
    if (!fresh) return await renewing;
    source.later(renewing);
    return fresh;
  }

  async #renew(roomId: string, source: PolicySource, nowMs: number): Promise<Policy | undefined> {
    const held = this.#held.get(roomId) ?? { knownAtMs: Number.NEGATIVE_INFINITY, askedAtMs: nowMs };
    held.askedAtMs = nowMs;
    this.#held.set(roomId, held);
    try {
      const bytes = await source.ask(roomId);
      if (!bytes) return undefined;
      const policy = await verifyPolicy(bytes, this.#keys);
      if (policy.roomId !== roomId || policy.version < (held.policy?.version ?? 0)) return undefined;
      held.policy = policy;
      held.knownAtMs = Math.max(held.knownAtMs, nowMs);
      return policy;
    } catch {
      return undefined;
    }
  }
}
