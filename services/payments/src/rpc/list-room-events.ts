import { fromBinary } from '@bufbuild/protobuf';
import { RoomEventSchema } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { commonProblem } from '@nightjar/kit/problem';
import type { Context, PaymentsHandlers } from '../context.ts';
import { isRoomId } from '../domain/ids.ts';
import { EVENTS_LISTED_MAX } from '../limits.ts';
import { listRoomEvents as list } from '../store/room-events.ts';

/** Lists a room's money events. Throws Problem: malformed_request, room_events_gone, unavailable. */
export function listRoomEvents(context: Context): PaymentsHandlers['listRoomEvents'] {
  return async ({ roomId, afterSeq, limit }) => {
    if (!isRoomId(roomId)) throw commonProblem('malformed_request');
    const most = limit === 0 ? EVENTS_LISTED_MAX : Math.min(limit, EVENTS_LISTED_MAX);
    const payloads = await list(context.ledger, roomId, afterSeq, most);
    return { events: payloads.map((payload) => fromBinary(RoomEventSchema, payload)) };
  };
}
