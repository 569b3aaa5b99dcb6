import { readOutcome } from '@nightjar/bridge/node/verify-outcome';
import { currentTraceparent } from '@nightjar/kit/telemetry';
import type { Context, PaymentsHandlers } from '../context.ts';
import { outcomeShare } from '../domain/outcome-share.ts';
import { resultToProto } from '../domain/tip-result.ts';
import { paymentsProblem } from '../errors.ts';
import { settleTip } from '../store/settle-tip.ts';
import { findTipInRoom } from '../store/tips.ts';

/**
 * Ends a held tip by the outcome that the room's bridge signed. What came first stands: the same again, or another one
 * later, answers how the tip ended, and is kept as evidence.
 * Throws Problem: outcome_invalid, tip_not_found, unavailable.
 */
export function settle(context: Context): PaymentsHandlers['settle'] {
  return async ({ tipId, roomId, outcome }) => {
    const said = outcome && readOutcome(outcome);
    if (!outcome || !said || said.tipId !== tipId || said.roomId !== roomId)
      throw paymentsProblem('outcome_invalid');
    const held = context.heldTips.get(tipId, roomId) ?? (await findTipInRoom(context.ledger, tipId, roomId));
    if (!held) throw paymentsProblem('tip_not_found');
    const { amount, durationMs } = held;
    if (durationMs === null) {
      // Paid at once: no effect was asked for, so there is nothing that an outcome could change.
      return { settled: { tipId, result: resultToProto('paid'), settled: amount, returned: 0n, ranMs: 0 } };
    }
    if (said.durationMs !== durationMs) throw paymentsProblem('outcome_invalid');
    const trace = currentTraceparent();
    const { result, settled, returned, ranMs, seq, payload } = await settleTip(context.ledger, {
      tipId,
      roomId,
      result: said.result,
      share: outcomeShare(amount, durationMs, said.result, said.ranMs),
      ...outcome,
      ...(trace ? { trace } : {}),
    });
    if (seq !== null && payload)
      context.outbox.hand({ roomId, seq, event: 'tip_settled', payload, trace: trace ?? null });
    return { settled: { tipId, result: resultToProto(result), settled, returned, ranMs } };
  };
}
