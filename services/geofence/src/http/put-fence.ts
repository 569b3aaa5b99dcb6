import { FenceError } from '@nightjar/fence/fence-error';
import { readFence } from '@nightjar/fence/rules';
import { type Http, ProblemSchema } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { commonProblem } from '@nightjar/kit/problem';
import type { Context } from '../context.ts';
import { fenceInvalid, geofenceProblem } from '../errors.ts';
import { publishNow } from '../publish/publish-now.ts';
import { changeFence } from '../store/fences.ts';
import { ChangedView, FenceBody, IfMatch, problemResponses, RoomParams, signedIn } from './schemas.ts';
import { broadcasterOf, ownFence, viewOf } from './who.ts';

export function putFence(app: Http, context: Context): void {
  app.put(
    '/v1/rooms/:room/fence',
    {
      schema: {
        operationId: 'putFence',
        summary: 'Choose who on earth may know that your room exists',
        description: [
          'Replaces all rules. The version that you read goes into If-Match or into the body; if it is not the latest any more,',
          'nothing changes. Open sessions are decided again at once. You yourself are never fenced out of your own room.',
        ].join(' '),
        tags: ['geofence'],
        security: signedIn,
        params: RoomParams,
        headers: IfMatch,
        body: FenceBody,
        response: {
          200: ChangedView,
          ...problemResponses,
          409: ProblemSchema,
          422: ProblemSchema,
          429: ProblemSchema,
        },
      },
    },
    async (request, reply) => {
      const broadcasterId = await broadcasterOf(context, request);
      const roomId = request.params.room;
      await ownFence(context, roomId, broadcasterId);
      const { version: bodyVersion, ...written } = request.body;
      refuseImpossible(written);
      const version = versionOf(request.headers['if-match'], bodyVersion);
      if (!context.changes.take(broadcasterId, context.clock.mono()))
        throw commonProblem('too_many_requests');
      const room = { roomId, broadcasterId, version };
      const changed = await withPostgres(() => changeFence(context.db, room, written));
      if (changed === 'not_found') throw geofenceProblem('room_not_found');
      if (changed === 'changed_meanwhile') throw geofenceProblem('fence_changed');
      const published = await publishNow(context, changed);
      return reply
        .header('etag', `"${changed.version}"`)
        .header('cache-control', 'no-store')
        .send({ ...viewOf(changed), published });
    },
  );
}

function refuseImpossible(written: unknown): void {
  try {
    readFence(written);
  } catch (error) {
    if (error instanceof FenceError) throw fenceInvalid(error);
    throw error;
  }
}

function versionOf(ifMatch: string | undefined, inBody: number | undefined): number {
  if (ifMatch === undefined) {
    if (inBody === undefined) throw geofenceProblem('fence_version_missing');
    return inBody;
  }
  const digits = /^"([1-9]\d{0,14})"$/.exec(ifMatch)?.[1];
  if (digits === undefined) throw commonProblem('malformed_request');
  if (inBody !== undefined && inBody !== Number(digits)) throw geofenceProblem('fence_changed');
  return Number(digits);
}
