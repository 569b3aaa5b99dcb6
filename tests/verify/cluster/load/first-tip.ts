import { endpointsAt } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { Identity } from '@nightjar/client/identity';
import { memoryKeys } from '@nightjar/client/key-store';
import { pause } from '@nightjar/client/platform';
import { ProblemError } from '@nightjar/client/problem-error';
import { RoomConnection } from '@nightjar/client/room-connection';
import { Rooms } from '@nightjar/client/rooms';
import { sendTip } from '@nightjar/client/send-tip';
import { Wallet } from '@nightjar/client/wallet';

const LOOK_EVERY_MS = 250;
/** How long a person waits to come into a room that is live. */
const JOIN_MS_MAX = 15_000;

export interface FirstTip {
  /** When it had its outcome, ms since 1970. */
  readonly endedMs: number;
  readonly item: string;
  readonly stages: readonly string[];
}

/** It is not there yet. */
class NotYet extends Error {}

/**
 * Somebody opens the front door's address as soon as it is known, again and again until a room is live, and tips for its
 * shortest effect, until one has run. Gives up after `withinMs`, with the last reason.
 */
export async function tipFirst(origin: string, withinMs: number): Promise<FirstTip> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await tipOnce(origin);
    } catch (error) {
      const passes = error instanceof NotYet || error instanceof ProblemError;
      if (!passes || performance.now() > end) throw error;
    }
    await pause(LOOK_EVERY_MS);
  }
}

async function tipOnce(origin: string): Promise<FirstTip> {
  const endpoints = endpointsAt(origin);
  const http = createHttpClient();
  const keys = memoryKeys();
  const rooms = new Rooms({ endpoints, http });
  const [live] = (await rooms.list({ limit: 1 })).rooms;
  if (!live) throw new NotYet('no room is live');
  const { roomId, menu } = await rooms.get(live.roomId);
  const [item] = menu.items
    .filter(({ effect }) => effect)
    .sort((a, b) => (a.effect?.durationMs ?? 0) - (b.effect?.durationMs ?? 0));
  if (!item) throw new NotYet('the room has nothing on its menu that moves a device');
  const wallet = new Wallet({ endpoints, http, keys });
  await wallet.buy(BigInt(item.price));
  const identity = new Identity({ endpoints, http, keys });
  using connection = new RoomConnection({ endpoints, http, roomId, as: 'viewer', identity });
  await connection.live(AbortSignal.timeout(JOIN_MS_MAX)).catch((error) => {
    throw new NotYet('the live room lets nobody in', { cause: error });
  });
  const tip = sendTip({ connection, wallet }, { itemId: item.itemId });
  const { stage } = await tip.end;
  const endedMs = Date.now();
  const stages: string[] = [];
  for await (const passed of tip) stages.push(passed.stage);
  if (stage !== 'ran') throw new NotYet(`a tip for ${item.itemId} ended as ${stage}`);
  return { endedMs, item: item.itemId, stages };
}
