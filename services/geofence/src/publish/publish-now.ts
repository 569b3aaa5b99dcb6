import type { Context } from '../context.ts';
import type { StoredFence } from '../store/fences.ts';

/** Publishes at once; where that fails, the reconciler does it as soon as it can. Says whether it is out. */
export async function publishNow(context: Context, fence: StoredFence): Promise<boolean> {
  try {
    await context.publisher.publish(fence);
    return true;
  } catch (error) {
    context.log.warn('fence_policy_not_published', { roomId: fence.roomId, error });
    context.reconciler.soon();
    return false;
  }
}
