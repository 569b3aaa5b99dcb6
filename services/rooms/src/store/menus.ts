import type { MenuItem } from '@nightjar/contracts/ws-protocol';
import type { Menu } from '../domain/menu.ts';
import { roomsProblem } from '../errors.ts';
import { MENU_VERSIONS_KEPT } from '../limits.ts';
import { menuToProto } from './menu-proto.ts';
import { appendEvent, lockOwnRoom } from './room-events.ts';
import type { Database } from './tables.ts';

/** Puts a menu in the place of the version that its author read. Throws room_not_found (also for another's room), menu_changed. */
export async function putMenu(
  db: Database,
  roomId: string,
  broadcasterId: string,
  { version, items }: { version: number; items: MenuItem[] },
): Promise<Menu> {
  return db.transaction().execute(async (tx) => {
    const room = await lockOwnRoom(tx, roomId, broadcasterId);
    if (!room) throw roomsProblem('room_not_found');
    if (room.menuVersion !== version) throw roomsProblem('menu_changed');
    const menu = { version: version + 1, items };
    await tx
      .insertInto('menus')
      .values({ room_id: roomId, version: menu.version, items: JSON.stringify(items) })
      .execute();
    await tx.updateTable('rooms').set({ menu_version: menu.version }).where('id', '=', roomId).execute();
    await tx
      .deleteFrom('menus')
      .where('room_id', '=', roomId)
      .where('version', '<=', menu.version - MENU_VERSIONS_KEPT)
      .execute();
    await appendEvent(tx, roomId, { case: 'menuChanged', value: menuToProto(menu) });
    return menu;
  });
}
