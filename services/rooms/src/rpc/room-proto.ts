import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type GetRoomResponseSchema, ShowMode } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { menuToProto } from '../store/menu-proto.ts';
import type { RoomNow } from '../store/rooms.ts';

/** A room for the bus. */
export function roomToProto(room: RoomNow): MessageInitShape<typeof GetRoomResponseSchema> {
  const { roomId, broadcasterId, menu, show, seq } = room;
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
  };
}
