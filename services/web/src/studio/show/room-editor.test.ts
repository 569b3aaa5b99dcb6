import { expect, test } from '@jest/globals';
import { ProblemError } from '@nightjar/client/problem-error';
import type { Menu, Room } from '@nightjar/client/rooms';
import { RoomEditor } from './room-editor.ts';

const ROOM: Room = {
  roomId: 'room_1',
  slug: 'dusk-abc',
  title: 'Dusk',
  tags: [],
  menu: { version: 0, items: [] },
};

/** A room as rooms keeps it: its menu has versions, its tags a normal form. */
function roomsOf(first: Room = ROOM) {
  let room = first;
  return {
    current: () => room,
    meanwhile(menu: Menu) {
      room = { ...room, menu };
    },
    async getOwn() {
      return room;
    },
    async setFace(_id: string, face: { title?: string; tags?: readonly string[] }) {
      room = { ...room, ...face };
      return room;
    },
    async putMenu(_id: string, menu: Menu) {
      if (menu.version !== room.menu.version)
        throw new ProblemError({
          code: 'menu_changed',
          title: 'The menu was changed since you read it.',
          retry: false,
        });
      room = { ...room, menu: { version: menu.version + 1, items: menu.items } };
      return room.menu;
    },
    async setGoal(_id: string, goal: { title: string; amount: bigint }) {
      const set = { goalId: 'goal_1', ...goal };
      room = { ...room, goal: set };
      return set;
    },
    async clearGoal() {
      const { goal: _goal, ...rest } = room;
      room = rest;
    },
  };
}

test('whoever never had a menu begins with one that works, and it is saved with the rest', async () => {
  const rooms = roomsOf();
  const editor = new RoomEditor(rooms, ROOM);
  editor.setFace({ title: ' Late rehearsal ', tags: ['music'] });
  editor.setGoal({ title: 'New lights', amount: '500' });
  expect(await editor.saveAll()).toBe(true);
  expect(rooms.current()).toMatchObject({
    title: 'Late rehearsal',
    tags: ['music'],
    menu: { version: 1 },
    goal: { title: 'New lights', amount: 500n },
  });
  expect(rooms.current().menu.items).toHaveLength(5);
  expect(editor.state.current).toMatchObject({ face: 'saved', menu: 'saved' });
});

test('nothing is sent while a field needs a look', async () => {
  const rooms = roomsOf();
  const editor = new RoomEditor(rooms, ROOM);
  editor.changeItem('item-1', { price: 'many' });
  expect(await editor.saveAll()).toBe(false);
  expect(editor.state.current.menuTried).toBe(true);
  expect(rooms.current().menu.version).toBe(0);
});

test('a menu that another window changed is shown, not written over', async () => {
  const rooms = roomsOf();
  const editor = new RoomEditor(rooms, ROOM);
  rooms.meanwhile({ version: 3, items: [{ itemId: 'x', name: 'Theirs', price: '1' }] });
  expect(await editor.saveMenu()).toBe(false);
  expect(editor.state.current.items.map(({ name }) => name)).toEqual(['Theirs']);
  expect(editor.state.current.menuProblem).toContain('was changed');
});

test('a goal is taken away again', async () => {
  const goal = { goalId: 'goal_0', title: 'Old', amount: 5n };
  const rooms = roomsOf({ ...ROOM, goal });
  const editor = new RoomEditor(rooms, { ...ROOM, goal });
  await editor.clearGoal();
  expect(rooms.current().goal).toBeUndefined();
  expect(editor.state.current.goal).toBeUndefined();
});
