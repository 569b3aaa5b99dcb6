import type { Context } from './context.ts';
import { every } from './every.ts';
import {
  CLEAN_BATCH_MAX,
  CLEAN_EVERY_MS,
  CREDIT_BATCH_MAX,
  CREDIT_EVERY_MS,
  FORGET_ADDRESSES_EVERY_MS,
  SWEEP_BATCH_MAX,
  SWEEP_EVERY_MS,
} from './limits.ts';
import { postDueCredits } from './purchases.ts';
import { expireTips } from './store/expire-tips.ts';
import { cleanOutbox } from './store/room-events.ts';

/** What payments does by itself: gives back what is held past its time, posts credits left behind, forgets old events
 * and silent addresses. */
export function startUpkeep(context: Context): AsyncDisposable {
  const { clock, ledger, log, openings, outbox } = context;
  const stack = new AsyncDisposableStack();
  stack.use(
    every('sweep', SWEEP_EVERY_MS, log, async () => {
      const expired = await expireTips(ledger, SWEEP_BATCH_MAX);
      for (const partition of new Set(expired.map((tip) => tip.partition))) outbox.nudge(partition);
      return expired.length === SWEEP_BATCH_MAX;
    }),
  );
  stack.use(every('credit', CREDIT_EVERY_MS, log, () => postDueCredits(context, CREDIT_BATCH_MAX)));
  stack.use(
    every(
      'clean',
      CLEAN_EVERY_MS,
      log,
      async () => (await cleanOutbox(ledger, CLEAN_BATCH_MAX)) === CLEAN_BATCH_MAX,
    ),
  );
  const forgetting = setInterval(() => openings.forget(clock.mono()), FORGET_ADDRESSES_EVERY_MS);
  stack.defer(() => clearInterval(forgetting));
  return stack;
}
