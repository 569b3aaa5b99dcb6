import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type GetRoomResponseSchema, ShowMode } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { goalToProto } from '../store/goals.ts';
import { menuToProto } from '../store/menu-proto.ts';
import type { RoomNow } from '../store/rooms.ts';
import { sanctionToProto } from '../store/sanction-proto.ts';
import type { SanctionInForce } from '../store/sanctions-in-force.ts';

/** A room for the bus. */
export function roomToProto(
  room: RoomNow,
  sanctions: readonly SanctionInForce[],
): MessageInitShape<typeof GetRoomResponseSchema> {
  const { roomId, broadcasterId, title, tags, goal, menu, show, seq } = room;
  return {
    roomId,
    broadcasterId,
    menu: menuToProto(menu),
    ...(show
      ? {
          show: {
            showId: show.showId,
            mode: ShowMode.PUBLIC,
            startedAt: timestampFromDate(show.startedAt),
          },
        }
      : {}),
    seq,
    face: { title, tags: [...tags] },
    ...(goal ? { goal: goalToProto(goal) } : {}),
    sanctions: sanctions.map(sanctionToProto),
  };
}
