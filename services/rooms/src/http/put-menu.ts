import { partitionOf } from '@nightjar/contracts/subjects';
import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import type { Context } from '../context.ts';
import { menuFault } from '../domain/menu.ts';
import { roomsProblem } from '../errors.ts';
import { putMenu as storeMenu } from '../store/menus.ts';
import { MenuView, problemResponses, RoomParams, signedIn } from './schemas.ts';
import { ownRoom } from './who.ts';

export function putMenu(app: Http, context: Context): void {
  app.put(
    '/v1/rooms/:room/menu',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'putMenu',
        summary: "Puts a new tip menu in the place of your room's",
        description: '`version` is the one that you read; if it is not the latest any more, nothing changes.',
        security: signedIn,
        params: RoomParams,
        body: { ...MenuView, additionalProperties: false },
        response: { 200: MenuView, ...problemResponses },
      },
    },
    async (request) => {
      const { roomId, broadcasterId } = await ownRoom(context, request, request.params.room);
      const fault = menuFault(request.body.items);
      if (fault) throw roomsProblem(fault);
      const { version } = await withPostgres(() =>
        storeMenu(context.db, roomId, broadcasterId, request.body),
      );
      context.outbox.nudge(partitionOf(roomId));
      return { version, items: request.body.items };
    },
  );
}
