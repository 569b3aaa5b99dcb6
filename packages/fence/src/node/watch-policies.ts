import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { fencePolicySubject } from '@nightjar/contracts/subjects';
import type { Log } from '@nightjar/kit/log';
import type { Policy } from '../compile.ts';
import { decide } from '../decide.ts';
import type { Facts } from '../facts.ts';
import { FenceError } from '../fence-error.ts';
import { parsePolicyKeyRing } from '../policy-key-ring.ts';
import { verifyPolicy } from '../sign.ts';
import { type BucketMark, bucketState, readEntries, readFrom, roomIdOf } from './policy-bucket.ts';
import { repeat } from './repeat.ts';

export interface PolicyWatch extends AsyncDisposable {
  /** Fails closed: refused without a policy for the room, and for all rooms until the bucket was read once. */
  decide(roomId: string, facts: Facts): 'allowed' | 'refused';
  /** Calls back after a room's policy changed, so that what is open in it can be decided again. */
  onChange(callback: (roomId: string) => void): Disposable;
  /** Whether the bucket was read once. It stays so: what is known keeps its worth while NATS is away. */
  ready(): boolean;
}

/** A change that was missed is found within this time; with nothing missed it costs one small request. */
const CATCH_UP_EVERY_MS = 2_000;
const CATCH_UP_RETRY_MS = 500;
/** A question that was lost with a connection is asked again. */
const ASK_MS_MAX = 1_000;
/** Changes being verified at a time; whatever is beyond is found by catching up. */
const UPDATES_IN_FLIGHT_MAX = 1_024;

/**
 * Follows the signed policies that geofence publishes. A put into the bucket is an ordinary publication, which is heard
 * at once; the bucket itself is read at the start, after each reconnection and now and then, from where it was left. What
 * counts is a good signature and a version that is not older than what was seen: who empties or fills the bucket
 * otherwise changes nothing.
 *
 * @param publicKeys the text of the file of public keys: see policy-keys.ts.
 * @throws FenceError `malformed` when those are not keys.
 */
export async function watchPolicies(nc: NatsConnection, publicKeys: string, log: Log): Promise<PolicyWatch> {
  const keys = parsePolicyKeyRing(publicKeys);
  const policies = new Map<string, Policy>();
  const callbacks = new Set<(roomId: string) => void>();
  let jsm: JetStreamManager | undefined;
  let mark: BucketMark | undefined;
  let inFlight = 0;

  async function take(roomId: string, bytes: Uint8Array): Promise<void> {
    // A mark of deletion: the last policy goes on being the policy.
    if (bytes.length === 0) return;
    let policy: Policy;
    try {
      policy = await verifyPolicy(bytes, keys);
    } catch (error) {
      if (!(error instanceof FenceError)) throw error;
      return log.error('fence_policy_not_accepted', { code: error.code });
    }
    if (policy.roomId !== roomId) return log.error('fence_policy_not_accepted', { code: 'wrong_room' });
    const before = policies.get(roomId)?.version ?? 0;
    if (policy.version < before) return log.warn('fence_policy_not_accepted', { code: 'older_version' });
    if (policy.version === before) return;
    policies.set(roomId, policy);
    if (mark) for (const callback of callbacks) callback(roomId);
  }

  const heard = nc.subscribe(fencePolicySubject('*'), {
    callback: (error, message) => {
      if (error || inFlight >= UPDATES_IN_FLIGHT_MAX) return;
      inFlight++;
      take(roomIdOf(message.subject), message.data)
        .catch((error: unknown) => log.error('fence_policy_failed', { error }))
        .finally(() => inFlight--);
    },
  });

  async function catchUp(): Promise<void> {
    // Without its check, which waits for JetStream at a moment when there may be none.
    jsm ??= await jetstreamManager(nc, { checkAPI: false, timeout: ASK_MS_MAX });
    const state = await bucketState(jsm);
    const from = readFrom(mark, state);
    const lastSeq = await readEntries(jsm, from, state.lastSeq, ({ roomId, bytes }) => take(roomId, bytes));
    if (!mark) log.info('fence_policies_read', { count: policies.size });
    mark = { ...state, lastSeq };
  }

  const catchingUp = repeat(async () => {
    try {
      await catchUp();
      return CATCH_UP_EVERY_MS;
    } catch (error) {
      if (!nc.isClosed()) log.warn('fence_policies_not_read', { error });
      return CATCH_UP_RETRY_MS;
    }
  });
  const statuses = nc.status();
  void (async () => {
    for await (const { type } of statuses) if (type === 'reconnect') catchingUp.soon();
  })();

  return {
    decide(roomId, facts) {
      const policy = mark && policies.get(roomId);
      return policy && decide(policy, facts).allowed ? 'allowed' : 'refused';
    },
    onChange(callback) {
      callbacks.add(callback);
      return { [Symbol.dispose]: () => void callbacks.delete(callback) };
    },
    ready: () => mark !== undefined,
    async [Symbol.asyncDispose]() {
      if (!heard.isClosed()) heard.unsubscribe();
      await catchingUp[Symbol.asyncDispose]();
    },
  };
}
