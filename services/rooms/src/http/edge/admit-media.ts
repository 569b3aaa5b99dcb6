import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { roomsProblem } from '../../errors.ts';
import { MEDIA_TOKEN_CHARACTERS_MAX } from '../../limits.ts';
import { findGrantInForce } from '../../store/media-grants.ts';
import { hidden } from '../hidden.ts';
import { strict } from '../schemas.ts';

/**
 * The gate before LiveKit: whether whoever shows this access token may be in its show now. The edge asks at every
 * connect and reconnect, since LiveKit gives long access tokens to whoever is inside and revokes none. All that is
 * refused is refused alike.
 */
export function admitMedia(app: Http, context: Context): void {
  app.post(
    '/edge/v1/media-admissions',
    {
      schema: {
        ...hidden,
        body: Type.Object(
          { accessToken: Type.String({ minLength: 1, maxLength: MEDIA_TOKEN_CHARACTERS_MAX }) },
          strict,
        ),
      },
    },
    async (request, reply) => {
      const holder = await context.media.holderOf(request.body.accessToken);
      const grant =
        holder && (await withPostgres(() => findGrantInForce(context.db, holder.identity, holder.showId)));
      if (!grant || !(grant.owner || context.fence.allows(grant.roomId, request)))
        throw roomsProblem('room_not_found');
      return reply.code(204).header('cache-control', 'no-store').send();
    },
  );
}
