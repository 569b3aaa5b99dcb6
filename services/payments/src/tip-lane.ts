import type pg from 'pg';
import { gather } from './gather.ts';
import { TIP_BATCH_MAX, TIP_CALLS_MAX, TIPS_WAITING_MAX } from './limits.ts';
import { type TakenTip, type TipToTake, takeTips, warmTakeTips } from './store/take-tips.ts';

/** The road into the ledger that all tips of this process share. */
export function tipLane(ledger: pg.Pool): (tip: TipToTake) => Promise<TakenTip> {
  return gather<TipToTake, TakenTip>({
    run: (batch) => takeTips(ledger, batch),
    keys: ({ tipId, walletId }) => [tipId, walletId],
    batchMax: TIP_BATCH_MAX,
    callsMax: TIP_CALLS_MAX,
    waitingMax: TIPS_WAITING_MAX,
  });
}

/** Opens the connections that tips will need and lets them make their plans, so that no viewer waits for that. */
export async function warmTips(ledger: pg.Pool): Promise<void> {
  await Promise.allSettled(Array.from({ length: TIP_CALLS_MAX }, () => warmOne(ledger)));
}

async function warmOne(ledger: pg.Pool): Promise<void> {
  const connection = await ledger.connect();
  let broken = true;
  try {
    await warmTakeTips(connection);
    broken = false;
  } finally {
    connection.release(broken);
  }
}
