import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readEndpoints } from '@nightjar/client/endpoints';
import { keyFiles } from '@nightjar/client/node/key-files';
import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { type Ground, newBroadcaster, newViewer, type Viewer } from '../../lib/people.ts';
import { until } from '../../lib/until.ts';
import { startProcess } from './child.ts';
import { type Latencies, latencies, paced } from './stats.ts';

export const ROOMS = 100;
/** What rooms allows one broadcaster. */
const ROOMS_EACH = 20;
const TOKENS_EACH = 10_000n;
const ITEM = { itemId: 'short', amount: 5n } as const;
const ORDER_MS = 240_000;
/** After the last tip, how long those on their way may take. */
export const ARRIVE_MS_MAX = 5_000;

export interface Road extends AsyncDisposable {
  run(perSecond: number, seconds: number): Promise<Latencies>;
}

/** ROOMS rooms, each with an armed, idle bridge and a viewer, on a running platform. */
export async function openRoad(ground: Ground, home: string): Promise<Road> {
  await using stack = new AsyncDisposableStack();
  const endpoints = readEndpoints(ground.endpoints);
  const owners: { folder: string; rooms: string[] }[] = [];
  for (let i = 0; i < ROOMS / ROOMS_EACH; i++) {
    const folder = path.join(home, `broadcaster-${i}`);
    await mkdir(folder);
    const broadcaster = await newBroadcaster(ground, keyFiles(folder));
    const rooms: string[] = [];
    for (let j = 0; j < ROOMS_EACH; j++) rooms.push((await broadcaster.newRoom()).roomId);
    owners.push({ folder, rooms });
  }
  const bridges = stack.use(startProcess('bridges.ts', { endpoints, owners }));
  await bridges.ready;
  const viewers: Viewer[] = [];
  for (const roomId of owners.flatMap(({ rooms }) => rooms)) {
    viewers.push(stack.use(await newViewer(ground, roomId, TOKENS_EACH)));
  }
  const owned = stack.move();
  return {
    async run(perSecond, seconds) {
      const tips = await prepare(viewers, Math.round(perSecond * seconds));
      const sent = new Map<string, bigint>();
      let failed: unknown;
      await paced(perSecond, seconds, (i) => {
        const tip = tips[i];
        if (!tip) return;
        sent.set(tip.message.id, process.hrtime.bigint());
        tip.viewer.connection.ask(tip.message.id, tip.message).catch((error) => {
          failed ??= error;
        });
      });
      await until(
        'all tips reached their bridges',
        () => failed !== undefined || hasAll(sent, bridges.arrived),
        ARRIVE_MS_MAX,
      ).catch(() => {});
      if (failed) throw failed;
      return latencies(sent, bridges.arrived);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type TipMessage = Extract<ClientMessage, { t: 'tip' }>;

/** Orders are signed and sealed before the clock starts: the way begins at the viewer's socket. */
async function prepare(
  viewers: readonly Viewer[],
  count: number,
): Promise<{ viewer: Viewer; message: TipMessage }[]> {
  const tips: { viewer: Viewer; message: TipMessage }[] = [];
  for (let i = 0; i < count; i++) {
    const viewer = viewers[i % viewers.length];
    if (!viewer) throw new Error('no viewers');
    const id = `tip_${randomUUID()}`;
    const { connection, wallet } = viewer;
    const expiresAt = Math.round(connection.serverNowMs) + ORDER_MS;
    const order = await wallet.order({ tipId: id, roomId: connection.roomId, ...ITEM, expiresAt });
    tips.push({ viewer, message: { t: 'tip', id, amount: `${ITEM.amount}`, itemId: ITEM.itemId, order } });
  }
  return tips;
}

export function hasAll(sent: ReadonlyMap<string, bigint>, arrived: ReadonlyMap<string, bigint>): boolean {
  for (const id of sent.keys()) if (!arrived.has(id)) return false;
  return true;
}
