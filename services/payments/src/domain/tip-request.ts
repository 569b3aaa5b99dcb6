import { EFFECT_MS_MAX, EFFECT_POINTS_MAX, START_WITHIN_MS } from '@nightjar/contracts/effect';
import type { TipRequest } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { commonProblem } from '@nightjar/kit/problem';
import { paymentsProblem } from '../errors.ts';
import { ITEM_NAME_CHARS_MAX, NOTE_BYTES_MAX, SENDER_BYTES_MAX, TIP_TOKENS_MAX } from '../limits.ts';
import { isItemId, isRoomId, isTipId } from './ids.ts';

/** Throws Problem unless everything in the request is within its limits: amount_out_of_range, malformed_request. */
export function checkTipRequest(request: TipRequest): void {
  const { tipId, roomId, amount, item, sender, note } = request;
  if (amount < 1n || amount > TIP_TOKENS_MAX) throw paymentsProblem('amount_out_of_range');
  const good =
    isTipId(tipId) &&
    isRoomId(roomId) &&
    sender.length <= SENDER_BYTES_MAX &&
    (note === undefined || note.bytes.length <= NOTE_BYTES_MAX) &&
    (item === undefined || isItem(item));
  if (!good) throw commonProblem('malformed_request');
}

function isItem({ itemId, name, effect, startWithinMs }: NonNullable<TipRequest['item']>): boolean {
  if (!isItemId(itemId) || name.length > ITEM_NAME_CHARS_MAX) return false;
  if (effect === undefined) return true;
  return (
    effect.durationMs >= 1 &&
    effect.durationMs <= EFFECT_MS_MAX &&
    effect.points.length <= EFFECT_POINTS_MAX &&
    startWithinMs >= 1 &&
    startWithinMs <= START_WITHIN_MS
  );
}
