import { create, toBinary } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { START_WITHIN_MS } from '@nightjar/contracts/effect';
import { effectToProto } from '@nightjar/contracts/effect-proto';
import { SealedSchema } from '@nightjar/contracts/gen/common/v1/sealed_pb';
import type { ClientMessage, MenuItem, Sealed } from '@nightjar/contracts/ws-protocol';
import { contextFrom, inSpan, SpanKind } from '@nightjar/kit/telemetry';
import { problem } from '../../errors.ts';
import type { Guest } from '../guest.ts';

/** A viewer's tip: checked against the menu, then to payments, which alone learns whose wallet it is. */
export function tip(guest: Guest, message: Extract<ClientMessage, { t: 'tip' }>): Promise<void> {
  return inSpan('tip', { kind: SpanKind.SERVER, parent: contextFrom(message.trace) }, async () => {
    const { context, holder, room } = guest;
    if (!guest.spend('tips')) throw problem('too_many_tips');
    if (!room.live) throw problem('show_not_live');
    const item = message.itemId === undefined ? undefined : itemFor(guest, message.itemId, message.amount);
    const tipOf = { tipId: message.id, roomId: holder.roomId };
    const receipt = await context.neighbours.payments.tip({
      ...tipOf,
      amount: BigInt(message.amount),
      order: sealedMessage(message.order),
      sender: context.closeSender(holder.pseudonym ?? '', tipOf),
      ...(item
        ? {
            item: {
              itemId: item.itemId,
              name: item.name,
              startWithinMs: START_WITHIN_MS,
              ...(item.effect ? { effect: effectToProto(item.effect) } : {}),
            },
          }
        : {}),
      ...(message.note ? { note: sealedMessage(message.note) } : {}),
    });
    guest.say({
      t: 'receipt',
      tipId: message.id,
      seq: String(receipt.seq),
      held: receipt.held,
      ...(receipt.startBy ? { startBy: timestampDate(receipt.startBy).toISOString() } : {}),
    });
  });
}

function itemFor(guest: Guest, itemId: string, amount: string): MenuItem {
  const item = guest.room.menuItem(itemId);
  if (!item) throw problem('menu_item_unknown');
  if (item.price !== amount) throw problem('menu_price_changed');
  return item;
}

function sealedMessage({ scheme, keyId, bytes }: Sealed) {
  return { scheme, keyId, bytes: Buffer.from(bytes, 'base64url') };
}

/** The sender as bytes that payments passes on unread. */
export function senderBytes(sealed: Sealed): Uint8Array {
  return toBinary(SealedSchema, create(SealedSchema, sealedMessage(sealed)));
}
