import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { type BucketMark, bucketState, readEntries, readFrom } from '@nightjar/fence/node/policy-bucket';
import { type Repeat, repeat } from '@nightjar/fence/node/repeat';
import type { PolicyKeyRing } from '@nightjar/fence/sign';
import type { Clock } from '@nightjar/kit/clock';
import type { Log } from '@nightjar/kit/log';
import { provisionFencePolicies } from '@nightjar/kit/nats-provision';
import type { Kysely } from 'kysely';
import { findFence, listVersions, raiseVersion } from '../store/fences.ts';
import type { Tables } from '../store/tables.ts';
import { type Publisher, publishedVersion } from './publisher.ts';

/** How often the bucket is asked whether it is still what it was: one small request. */
const LOOK_EVERY_MS = 2_000;
const RETRY_MS = 500;
/** However quiet the bucket, all rooms are compared this often. */
const COMPARE_EVERY_MS = 30_000;
const PAGE_MAX = 500;
/** Rooms published at a time. */
const PUBLISHING_MAX = 16;
const ASK_MS_MAX = 1_000;

export interface Reconciler extends Repeat {
  /** Whether bucket and table were found the same, or made the same, since the last trouble. */
  ready(): boolean;
}

/**
 * Makes the bucket what the table says: at the start, after each reconnection, after a publication that failed, and from
 * time to time. What the bucket lacks or has older is published; where it is newer, as after a restored backup, the
 * room's version is raised above it, since watchers never go back. A missing bucket is made anew.
 */
export function startReconciler(options: {
  db: Kysely<Tables>;
  nats: NatsConnection;
  publisher: Publisher;
  keys: PolicyKeyRing;
  /** Of a bucket that is made here. */
  copies: number;
  clock: Clock;
  log: Log;
}): Reconciler {
  const { db, nats, publisher, keys, copies, clock, log } = options;
  const held = new Map<string, number | undefined>();
  let jsm: JetStreamManager | undefined;
  let mark: BucketMark | undefined;
  let comparedAtMs = Number.NEGATIVE_INFINITY;
  let asked = true;
  let good = false;

  /** Reads what is new in the bucket; says whether anything is. */
  async function look(): Promise<boolean> {
    jsm ??= await jetstreamManager(nats, { checkAPI: false, timeout: ASK_MS_MAX });
    if (!good) await provisionFencePolicies(nats, copies);
    const state = await bucketState(jsm);
    if (mark && same(mark, state) && held.size === state.messages) return false;
    // Entries that went without a trace: only reading all of them shows which.
    const from = held.size > state.messages ? 1 : readFrom(mark, state);
    if (from === 1) held.clear();
    const lastSeq = await readEntries(jsm, from, state.lastSeq, async ({ roomId, bytes }) => {
      held.set(roomId, await publishedVersion(roomId, bytes, keys));
    });
    mark = { ...state, lastSeq };
    return true;
  }

  /** Publishes what differs. One room that cannot be published keeps none of the others waiting. */
  async function compare(): Promise<void> {
    let [published, failed] = [0, 0];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page = await listVersions(db, after, PAGE_MAX);
      const wrong = page.filter(({ roomId, version }) => held.get(roomId) !== version);
      for (let i = 0; i < wrong.length; i += PUBLISHING_MAX) {
        const some = wrong.slice(i, i + PUBLISHING_MAX);
        const results = await Promise.allSettled(some.map(({ roomId }) => mend(roomId)));
        const failures = results.filter((result) => result.status === 'rejected');
        for (const { reason } of failures) log.warn('fence_policy_not_published', { error: reason });
        if (failures.length === PUBLISHING_MAX) throw failures[0]?.reason;
        published += some.length - failures.length;
        failed += failures.length;
      }
      after = page.length === PAGE_MAX ? page.at(-1)?.roomId : undefined;
    }
    if (published > 0) log.info('fence_policies_republished', { count: published });
    if (failed > 0) asked = true;
  }

  async function mend(roomId: string): Promise<void> {
    const seen = held.get(roomId);
    if (seen !== undefined) await raiseVersion(db, roomId, seen);
    const fence = await findFence(db, roomId);
    if (fence) await publisher.publish(fence);
  }

  const repeated = repeat(async () => {
    try {
      const changed = await look();
      const due = asked || changed || clock.mono() - comparedAtMs >= COMPARE_EVERY_MS;
      asked = false;
      if (due) {
        await compare();
        comparedAtMs = clock.mono();
      }
      good = true;
      return LOOK_EVERY_MS;
    } catch (error) {
      good = false;
      asked = true;
      if (!nats.isClosed()) log.warn('fence_policies_not_reconciled', { error });
      return RETRY_MS;
    }
  });
  const statuses = nats.status();
  void (async () => {
    for await (const { type } of statuses) if (type === 'reconnect') soon();
  })();

  function soon(): void {
    asked = true;
    repeated.soon();
  }
  return { ready: () => good, soon, [Symbol.asyncDispose]: () => repeated[Symbol.asyncDispose]() };
}

function same(a: BucketMark, b: BucketMark): boolean {
  return a.created === b.created && a.lastSeq === b.lastSeq;
}
