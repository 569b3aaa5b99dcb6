/** Watches the demo's room as a guest until there are frames, and prints how many: `watch.ts ORIGIN`. Run where the origin is. */
import { endpointsAt } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { Rooms } from '@nightjar/client/rooms';
import { getTicket } from '@nightjar/client/tickets';
import { until } from '../../lib/until.ts';

const FRAMES = 10;
const WITHIN_MS = 60_000;

// LiveKit's package writes what only its makers need to standard output, unless this is said before it is loaded.
process.env.NODE_ENV ??= 'production';
const { watchPicture } = await import('@nightjar/demo/watch-picture');
const endpoints = endpointsAt(process.argv[2] ?? '');
const http = createHttpClient();
const rooms = new Rooms({ endpoints, http });
let roomId: string | undefined;
await until(
  'the demo is live',
  async () => {
    roomId = (await rooms.list()).rooms[0]?.roomId;
    return roomId;
  },
  WITHIN_MS,
);
if (!roomId) throw new Error('no room');
const { ticket } = await getTicket({ endpoints, http, roomId, as: 'guest' });
const picture = await watchPicture(await rooms.mediaGrant(roomId, ticket), () => {});
await until(`${FRAMES} frames`, () => picture.frames >= FRAMES, WITHIN_MS);
process.stdout.write(`${picture.frames}\n`);
process.exit(0);
