import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';
import { until } from '../../lib/until.ts';
import { startProcess } from './child.ts';
import { ARRIVE_MS_MAX, hasAll, ROOMS } from './road.ts';
import { type Latencies, latencies, paced } from './stats.ts';

/** As large as a tip is on the road. */
const PADDING = 'x'.repeat(800);

export interface Floor extends AsyncDisposable {
  run(perSecond: number, seconds: number): Promise<Latencies>;
}

/** The bare hops on the same servers: as many processes on a tip's way, the same disk settings, nothing checked or kept. */
export async function openFloor(servers: {
  natsUrl: string;
  redisUrl: string;
  postgresUrl: string;
}): Promise<Floor> {
  await using stack = new AsyncDisposableStack();
  const back = stack.use(startProcess('floor-back.ts', servers));
  await back.ready;
  const front = stack.use(startProcess('floor-front.ts', servers));
  const { port } = await front.ready;
  const url = `ws://127.0.0.1:${port}`;
  const rooms = Array.from({ length: ROOMS }, () => `room_${randomUUID()}`);
  const bridges = stack.use(startProcess('floor-bridges.ts', { url, rooms }));
  await bridges.ready;
  const viewers: { room: string; ws: WebSocket }[] = [];
  for (const room of rooms) {
    const ws = new WebSocket(url, { perMessageDeflate: false });
    stack.defer(() => ws.terminate());
    await once(ws, 'open');
    ws.send(JSON.stringify({ t: 'join', room }));
    await once(ws, 'message');
    viewers.push({ room, ws });
  }
  const owned = stack.move();
  return {
    async run(perSecond, seconds) {
      const sent = new Map<string, bigint>();
      await paced(perSecond, seconds, (i) => {
        const viewer = viewers[i % viewers.length];
        if (!viewer) return;
        const id = `tip_${randomUUID()}`;
        const frame = JSON.stringify({ t: 'tip', id, room: viewer.room, padding: PADDING });
        sent.set(id, process.hrtime.bigint());
        viewer.ws.send(frame);
      });
      await until('all tips arrived', () => hasAll(sent, bridges.arrived), ARRIVE_MS_MAX).catch(() => {});
      return latencies(sent, bridges.arrived);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
