import { createHttp, type Hops, type Http, NO_HOPS } from '@nightjar/kit/http';
import type { Context } from '../context.ts';
import { changeRoom } from './change-room.ts';
import { createRoom } from './create-room.ts';
import { deleteGoal } from './delete-goal.ts';
import { admitMedia } from './edge/admit-media.ts';
import { nameRoom } from './edge/name-room.ts';
import { endShow } from './end-show.ts';
import { getRoom } from './get-room.ts';
import { getStill } from './get-still.ts';
import { grantMedia } from './grant-media.ts';
import { liftSanction } from './lift-sanction.ts';
import { listRooms } from './list-rooms.ts';
import { listSanctions } from './list-sanctions.ts';
import { livekitWebhook } from './livekit-webhook.ts';
import { putGoal } from './put-goal.ts';
import { putMenu } from './put-menu.ts';
import { putSanction } from './put-sanction.ts';
import { putStill } from './put-still.ts';
import { startShow } from './start-show.ts';

/** This service's part of /v1, and what the edge asks. A context without its parts will do for the OpenAPI document. */
export async function buildHttp(context: Context, hops: Hops = NO_HOPS): Promise<Http> {
  const app = await createHttp({ ...hops, service: 'rooms', log: context.log });
  const operations = [
    listRooms,
    createRoom,
    getRoom,
    changeRoom,
    putMenu,
    putGoal,
    deleteGoal,
    getStill,
    putStill,
    startShow,
    endShow,
    grantMedia,
    listSanctions,
    putSanction,
    liftSanction,
    livekitWebhook,
    admitMedia,
    nameRoom,
  ];
  for (const operation of operations) operation(app, context);
  return app;
}
