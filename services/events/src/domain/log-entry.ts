import { timestampDate } from '@bufbuild/protobuf/wkt';
import { effectFromProto } from '@nightjar/contracts/effect-proto';
import type { Sealed as SealedMessage } from '@nightjar/contracts/gen/common/v1/sealed_pb';
import {
  type RoomEvent as PaymentsEvent,
  TipResult as ProtoResult,
  type TipAccepted,
} from '@nightjar/contracts/gen/payments/v1/payments_pb';
import type { LogEntry, Sealed, TipEntry, TipResult } from '@nightjar/contracts/ws-protocol';

/** An entry with what it changes in the room's snapshot. */
export interface Logged {
  readonly entry: LogEntry;
  readonly set?: { readonly field: string; readonly value: string };
  readonly drop?: readonly string[];
  /** Tokens that it settles. */
  readonly counts?: { readonly tokens: bigint; readonly at: string };
  /** Which sanctions end with it: those whose time is over, and with a show those of the show. */
  readonly sweep?: 'over' | 'show';
}

/** Opens the sender that events sealed to itself on the tip's way out. Throws where it is not ours. */
export type OpenSender = (sender: Uint8Array, tip: { tipId: string; roomId: string }) => string;

const RESULTS: Partial<Record<ProtoResult, TipResult>> = {
  [ProtoResult.RAN]: 'ran',
  [ProtoResult.PARTLY]: 'partly',
  [ProtoResult.EXPIRED]: 'expired',
  [ProtoResult.REFUSED]: 'refused',
  [ProtoResult.PAID]: 'paid',
};

/** What a money event is in the room's log; undefined for events of a newer version. */
export function fromPayments(event: PaymentsEvent, openSender: OpenSender): Logged | undefined {
  const at = isoTime(event.at);
  const { body, roomId } = event;
  if (body.case === 'tipAccepted') {
    const entry = {
      at,
      ...tipEntry(body.value, openSender(body.value.sender, { tipId: body.value.tipId, roomId })),
    };
    return {
      entry,
      ...(entry.held
        ? { set: { field: tipField(entry.tipId), value: JSON.stringify(entry) } }
        : { counts: { tokens: body.value.amount, at } }),
    };
  }
  if (body.case === 'tipSettled') {
    const { tipId, settled, returned, ranMs } = body.value;
    const result = RESULTS[body.value.result] ?? 'refused';
    const entry = {
      at,
      kind: 'settled',
      tipId,
      result,
      settled: String(settled),
      returned: String(returned),
      ranMs,
    } as const;
    return {
      entry,
      drop: [tipField(tipId), `${STATE_FIELD_PREFIX}${tipId}`],
      ...(settled > 0n ? { counts: { tokens: settled, at } } : {}),
    };
  }
  return undefined;
}

function tipEntry(tip: TipAccepted, from: string): TipEntry {
  const { item } = tip;
  return {
    kind: 'tip',
    tipId: tip.tipId,
    from,
    amount: String(tip.amount),
    ...(item
      ? {
          item: {
            itemId: item.itemId,
            name: item.name,
            ...(item.effect ? { effect: effectFromProto(item.effect) } : {}),
          },
        }
      : {}),
    ...(tip.note ? { note: sealedToJson(tip.note) } : {}),
    held: tip.held,
    ...(tip.startBy ? { startBy: isoTime(tip.startBy) } : {}),
  };
}

/** The snapshot's fields of a tip; redis/room.lua has both names, too. */
export const TIP_FIELD_PREFIX = 'tip:';
export const STATE_FIELD_PREFIX = 'state:';

function tipField(tipId: string): string {
  return `${TIP_FIELD_PREFIX}${tipId}`;
}

/** RFC 3339 in UTC, with milliseconds: times of one form compare as text. */
export function isoTime(time: Parameters<typeof timestampDate>[0] | undefined): string {
  return (time ? timestampDate(time) : new Date(0)).toISOString();
}

function sealedToJson(sealed: SealedMessage): Sealed {
  return {
    scheme: sealed.scheme,
    keyId: sealed.keyId,
    bytes: Buffer.from(sealed.bytes).toString('base64url'),
  };
}
