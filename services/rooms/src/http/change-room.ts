import { partitionOf } from '@nightjar/contracts/subjects';
import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { normalTags } from '../domain/tags.ts';
import { roomsProblem } from '../errors.ts';
import { TAG_CHARACTERS_MAX, TAG_TYPED_CHARACTERS_MAX, TAGS_MAX } from '../limits.ts';
import { changeFace } from '../store/face.ts';
import { problemResponses, RoomParams, RoomView, roomView, signedIn, strict, Title } from './schemas.ts';
import { ownRoom } from './who.ts';

export function changeRoom(app: Http, context: Context): void {
  app.patch(
    '/v1/rooms/:room',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'changeRoom',
        summary: "Changes your room's title, its tags or both",
        security: signedIn,
        params: RoomParams,
        body: Type.Object(
          {
            title: Type.Optional(Title),
            tags: Type.Optional(
              Type.Array(Type.String({ maxLength: TAG_TYPED_CHARACTERS_MAX }), {
                maxItems: TAGS_MAX,
                description: `letters and digits of any language, with hyphens between words, at most ${TAG_CHARACTERS_MAX} characters each; they come back in lower case, each once`,
              }),
            ),
          },
          { ...strict, minProperties: 1 },
        ),
        response: { 200: RoomView, ...problemResponses },
      },
    },
    async (request) => {
      const room = await ownRoom(context, request, request.params.room);
      const { title, tags: typed } = request.body;
      const tags = typed && normalTags(typed);
      if (typed && !tags) throw roomsProblem('tag_invalid');
      const change = { ...(title === undefined ? {} : { title }), ...(tags ? { tags } : {}) };
      const face = await withPostgres(() => changeFace(context.db, room.roomId, room.broadcasterId, change));
      context.outbox.nudge(partitionOf(room.roomId));
      return roomView({ ...room, ...face });
    },
  );
}
