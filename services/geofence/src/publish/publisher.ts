import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { FENCE_BUCKET } from '@nightjar/contracts/subjects';
import { compile } from '@nightjar/fence/compile';
import { type PolicyKeyRing, type PolicySigner, signPolicy, verifyPolicy } from '@nightjar/fence/sign';
import type { StoredFence } from '../store/fences.ts';

const KV_MS_MAX = 1_000;
/** Two pods that publish one room at a time: the loser looks again. */
const TRIES_MAX = 5;

/** What an entry of the bucket says, as far as it is by our own key. */
export async function publishedVersion(
  roomId: string,
  bytes: Uint8Array,
  keys: PolicyKeyRing,
): Promise<number | undefined> {
  if (bytes.length === 0) return undefined;
  const policy = await verifyPolicy(bytes, keys).catch(() => undefined);
  return policy?.roomId === roomId ? policy.version : undefined;
}

/** Signs policies and puts them into the bucket, where a newer one is never replaced by an older one. */
export class Publisher {
  readonly #nats: NatsConnection;
  readonly #signer: PolicySigner;
  readonly #keys: PolicyKeyRing;
  #opening: Promise<KV> | undefined;

  constructor(nats: NatsConnection, signer: PolicySigner, keys: PolicyKeyRing) {
    this.#nats = nats;
    this.#signer = signer;
    this.#keys = keys;
  }

  /** The policy as everybody who decides gets it. */
  sign({ roomId, version, fence }: StoredFence): Promise<Uint8Array<ArrayBuffer>> {
    return signPolicy(compile(fence, { roomId, version }), this.#signer);
  }

  /** Throws what NATS says when the bucket is away; then the reconciler does it later. */
  async publish(stored: StoredFence): Promise<void> {
    const { roomId, version } = stored;
    const bytes = await this.sign(stored);
    const bucket = await this.#bucket();
    for (let attempt = 1; ; attempt++) {
      const entry = await bucket.get(roomId);
      const seen = entry && (await publishedVersion(roomId, entry.value, this.#keys));
      if (seen && seen >= version) return;
      try {
        // Revision 0: the key must not exist yet.
        await bucket.put(roomId, bytes, { previousSeq: entry?.revision ?? 0 });
        return;
      } catch (error) {
        const lost =
          error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence;
        if (!lost || attempt === TRIES_MAX) throw error;
      }
    }
  }

  #bucket(): Promise<KV> {
    this.#opening ??= new Kvm(this.#nats)
      .open(FENCE_BUCKET, { timeout: KV_MS_MAX })
      .catch((error: unknown) => {
        this.#opening = undefined;
        throw error;
      });
    return this.#opening;
  }
}
