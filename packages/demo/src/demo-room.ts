import { ProblemError } from '@nightjar/client/problem-error';
import type { Room, Rooms } from '@nightjar/client/rooms';
import { DEMO_MENU } from './menu.ts';

/** The same key answers the same room, so that each broadcaster has one demo room, whatever happens to this program. */
const ROOM_KEY = 'nightjar-demo-room';
const ROOM = { name: 'demo', title: 'Demo room' } as const;
const FACE = { title: 'Demo room: tip, and watch the device answer', tags: ['demo', 'simulated-device'] };
const GOAL = { title: 'An evening of slow waves', amount: 1_000n };

/** The demo's room with its menu, its face and its goal. */
export async function ensureRoom(rooms: Rooms): Promise<Room> {
  const { roomId: own } = await rooms.create(ROOM, ROOM_KEY);
  // The same once more changes nothing.
  const room = await rooms.setFace(own, FACE);
  await rooms.setGoal(own, GOAL);
  const { roomId, menu } = await rooms.getOwn(room.roomId);
  if (sameMenu(menu.items)) return { ...room, menu };
  return { ...room, menu: await rooms.putMenu(roomId, { version: menu.version, items: DEMO_MENU }) };
}

/** A show is on afterwards. @returns whether it had to be started */
export async function ensureShow(rooms: Rooms, roomId: string): Promise<boolean> {
  try {
    await rooms.startShow(roomId);
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'show_already_on') return false;
    throw error;
  }
}

function sameMenu(items: Room['menu']['items']): boolean {
  const essence = ({ itemId, name, price, effect }: Room['menu']['items'][number]) => [
    itemId,
    name,
    price,
    effect && [
      effect.output,
      effect.durationMs,
      effect.repeatMs,
      effect.points.map((p) => [p.atMs, p.level]),
    ],
  ];
  return JSON.stringify(items.map(essence)) === JSON.stringify(DEMO_MENU.map(essence));
}
