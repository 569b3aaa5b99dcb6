import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { RoomEventSchema, type TipRequest } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { commonProblem } from '@nightjar/kit/problem';
import { currentTraceparent } from '@nightjar/kit/telemetry';
import { toBase64Url } from '@nightjar/sealed/base64url';
import { openTipOrder, verifyTipOrder } from '@nightjar/sealed/node/open-tip-order';
import { SealedError } from '@nightjar/sealed/sealed-error';
import type { SignedTipOrder } from '@nightjar/sealed/tip-order';
import type { Context, PaymentsHandlers } from '../context.ts';
import { tipDigest } from '../domain/tip-content.ts';
import { checkTipRequest } from '../domain/tip-request.ts';
import { paymentsProblem } from '../errors.ts';
import type { TipToTake } from '../store/take-tips.ts';

/**
 * Holds or transfers a tip's tokens by the order that its wallet signed. One round trip to PostgreSQL, one commit.
 * Throws Problem: amount_out_of_range, malformed_request, tip_order_invalid, tip_order_key_unknown, tip_order_expired,
 * wallet_unknown, insufficient_tokens, tip_id_taken, overloaded, unavailable.
 */
export function tip(context: Context): PaymentsHandlers['tip'] {
  return async (request) => {
    checkTipRequest(request);
    const signed = openOrder(context, request);
    if (!saysTheSame(signed, request)) throw paymentsProblem('tip_order_invalid');
    const { walletId } = signed.order;
    const key = await context.walletKeys.get(walletId);
    if (!key) throw paymentsProblem('wallet_unknown');
    verifyOrder(signed, key);
    const { roomId } = request;
    const take = toTake(request, signed);
    const taken = await context.takeTip(take);
    if (taken.code !== 'accepted' && taken.code !== 'again') throw paymentsProblem(taken.code);
    const { seq, held, startBy, payload } = taken;
    if (payload)
      context.outbox.hand({ roomId, seq, event: 'tip_accepted', payload, trace: take.trace ?? null });
    return { seq, held, ...(startBy ? { startBy: timestampFromDate(startBy) } : {}) };
  };
}

function openOrder(context: Context, { order, tipId, roomId }: TipRequest): SignedTipOrder {
  if (!order) throw commonProblem('malformed_request');
  const { scheme, keyId, bytes } = order;
  try {
    return openTipOrder({ scheme, keyId, bytes: toBase64Url(bytes) }, context.sealKeys.ring, {
      tipId,
      roomId,
    });
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    throw paymentsProblem(
      error.code === 'unknown_key' ? 'tip_order_key_unknown' : 'tip_order_invalid',
      error,
    );
  }
}

function saysTheSame({ order }: SignedTipOrder, { tipId, roomId, amount, item }: TipRequest): boolean {
  return (
    order.tipId === tipId &&
    order.roomId === roomId &&
    order.amount === amount &&
    order.itemId === item?.itemId
  );
}

function verifyOrder(signed: SignedTipOrder, key: Uint8Array): void {
  try {
    verifyTipOrder(signed, key);
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    throw paymentsProblem('tip_order_invalid', error);
  }
}

function toTake(request: TipRequest, { order }: SignedTipOrder): TipToTake {
  const { tipId, roomId, amount, item, sender, note } = request;
  const { walletId } = order;
  const effect = item?.effect && {
    durationMs: item.effect.durationMs,
    startWithinMs: item.startWithinMs,
  };
  const accepted = {
    tipId,
    amount,
    ...(item ? { item } : {}),
    sender,
    ...(note ? { note } : {}),
    held: effect !== undefined,
  };
  const event = create(RoomEventSchema, { roomId, body: { case: 'tipAccepted', value: accepted } });
  const itemId = item?.itemId;
  const trace = currentTraceparent();
  return {
    tipId,
    roomId,
    walletId,
    amount,
    digest: tipDigest({
      roomId,
      walletId,
      amount,
      ...(itemId === undefined ? {} : { itemId }),
      ...(note ? { note } : {}),
    }),
    orderExpiresAt: order.expiresAt,
    ...(effect ? { effect } : {}),
    event: toBinary(RoomEventSchema, event),
    ...(trace ? { trace } : {}),
  };
}
