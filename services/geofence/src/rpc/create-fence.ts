import type { GeofenceService } from '@nightjar/contracts/gen/geofence/v1/geofence_pb';
import { OPEN_FENCE } from '@nightjar/fence/rules';
import { withPostgres } from '@nightjar/kit/postgres';
import { commonProblem } from '@nightjar/kit/problem';
import type { RpcHandlers } from '@nightjar/kit/rpc-server';
import type { Context } from '../context.ts';
import { geofenceProblem } from '../errors.ts';
import { publishNow } from '../publish/publish-now.ts';
import { createFence as createStored } from '../store/fences.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const ROOM_ID = new RegExp(`^room_${UUID}$`);
const BROADCASTER_ID = new RegExp(`^bcst_${UUID}$`);

export function createFence(context: Context): RpcHandlers<typeof GeofenceService>['createFence'] {
  return async ({ roomId, broadcasterId }) => {
    if (!ROOM_ID.test(roomId) || !BROADCASTER_ID.test(broadcasterId))
      throw commonProblem('malformed_request');
    const fence = await withPostgres(() => createStored(context.db, { roomId, broadcasterId }, OPEN_FENCE));
    if (fence.broadcasterId !== broadcasterId) throw geofenceProblem('fence_of_another');
    await publishNow(context, fence);
    return { version: BigInt(fence.version) };
  };
}
