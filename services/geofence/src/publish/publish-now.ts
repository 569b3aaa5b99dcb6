import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../context.ts';
import type { StoredFence } from '../store/fences.ts';

/** Whoever changes a fence waits so long for its publication, which otherwise goes on without them. */
const PUBLISH_MS_MAX = 1_000;

/** Publishes at once; where that fails, the reconciler does it as soon as it can. Says whether it is out. */
export async function publishNow(context: Context, fence: StoredFence): Promise<boolean> {
  const given = new AbortController();
  const late = pause(PUBLISH_MS_MAX, undefined, { signal: given.signal, ref: false }).then(() => {
    throw new Error('no answer in time');
  });
  try {
    await Promise.race([context.publisher.publish(fence), late]);
    return true;
  } catch (error) {
    context.log.warn('fence_policy_not_published', { roomId: fence.roomId, error });
    context.reconciler.soon();
    return false;
  } finally {
    given.abort();
  }
}
