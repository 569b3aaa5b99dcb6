import { randomUUID } from 'node:crypto';
import { type Endpoints, readEndpoints } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { Identity } from '@nightjar/client/identity';
import { type KeyStore, memoryKeys } from '@nightjar/client/key-store';
import { RoomChat } from '@nightjar/client/room-chat';
import { RoomConnection } from '@nightjar/client/room-connection';
import { type Room, Rooms } from '@nightjar/client/rooms';
import { sendTip, type Tip, type TipRequest } from '@nightjar/client/send-tip';
import { Wallet } from '@nightjar/client/wallet';
import type { MenuItem } from '@nightjar/contracts/ws-protocol';

/** What the people of a test need of the platform. */
export interface Ground {
  readonly endpoints: unknown;
  operator(...args: string[]): Promise<string>;
}

/** A menu that tests of the road need: short, long enough to be cut into, and nothing to run. */
export const MENU: readonly MenuItem[] = [
  { itemId: 'short', name: 'Short', price: '5', effect: effect(200) },
  { itemId: 'second', name: 'A second', price: '10', effect: effect(1_000) },
  { itemId: 'long', name: 'Long', price: '40', effect: effect(10_000) },
  { itemId: 'hello', name: 'Hello', price: '1' },
];

function effect(durationMs: number) {
  return { output: 'vibrate', durationMs, points: [{ atMs: 0, level: 1_000 }] } as const;
}

export interface Broadcaster {
  readonly keys: KeyStore;
  readonly identity: Identity;
  readonly rooms: Rooms;
  newRoom(options?: { menu?: readonly MenuItem[]; live?: boolean }): Promise<Room>;
}

/** Somebody whom the operator made a broadcaster. */
export async function newBroadcaster(ground: Ground, keys: KeyStore = memoryKeys()): Promise<Broadcaster> {
  const endpoints = readEndpoints(ground.endpoints);
  const http = createHttpClient();
  const identity = new Identity({ endpoints, http, keys, broadcaster: true });
  await ground.operator('broadcaster', 'add', '--public-key', await identity.publicKey());
  const rooms = new Rooms({ endpoints, http, identity });
  return {
    keys,
    identity,
    rooms,
    async newRoom({ menu = MENU, live = true } = {}) {
      const room = await rooms.create({ name: 'test', title: 'A room of a test' }, randomUUID());
      const kept = await rooms.putMenu(room.roomId, { version: room.menu.version, items: menu });
      if (live) await rooms.startShow(room.roomId);
      return { ...room, menu: kept };
    },
  };
}

export interface Viewer extends Disposable {
  readonly connection: RoomConnection;
  readonly chat: RoomChat;
  readonly wallet: Wallet;
  tip(request: TipRequest): Tip;
}

/** Somebody in a room, with tokens. */
export async function newViewer(ground: Ground, roomId: string, tokens: bigint): Promise<Viewer> {
  const endpoints: Endpoints = readEndpoints(ground.endpoints);
  const http = createHttpClient();
  const keys = memoryKeys();
  const wallet = new Wallet({ endpoints, http, keys });
  if (tokens > 0n) await wallet.buy(tokens);
  const identity = new Identity({ endpoints, http, keys });
  const connection = new RoomConnection({ endpoints, http, roomId, as: 'viewer', identity });
  const chat = new RoomChat({ connection });
  await connection.live();
  await wallet.prepare();
  return {
    connection,
    chat,
    wallet,
    tip: (request) => sendTip({ connection, wallet }, request),
    [Symbol.dispose]() {
      chat.close();
      connection.close();
    },
  };
}
