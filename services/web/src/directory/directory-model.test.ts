import { expect, test } from '@jest/globals';
import { localProblem } from '@nightjar/client/problem-error';
import type { LiveRoom } from '@nightjar/client/rooms';
import { Directory } from './directory-model.ts';

/** Rooms are named by the minute at which they went live. */
function room(minute: number, tags: readonly string[] = []): LiveRoom {
  const at = `${minute}`.padStart(2, '0');
  return {
    roomId: `room_${at}`,
    slug: `room-${at}`,
    title: `Room ${at}`,
    startedAt: `2026-11-25T10:${at}:00.000Z`,
    picture: true,
    tags,
  };
}

type Page = { rooms: LiveRoom[]; next?: string };

function directory() {
  const server = { pages: {} as Record<string, Page | Error>, asked: [] as unknown[] };
  const model = new Directory({
    now: () => 1_000,
    async list({ limit, cursor }) {
      server.asked.push({ limit, cursor });
      const page = server.pages[cursor ?? 'first'];
      if (page === undefined || page instanceof Error) throw page ?? new Error('no such page');
      return page;
    },
  });
  const ids = () => model.view.current.rooms.map(({ roomId, ended }) => (ended ? `${roomId} ended` : roomId));
  return { model, server, ids };
}

test('a new room waits until it is asked for, and an ended one keeps its place: nothing moves under a finger', async () => {
  const { model, server, ids } = directory();
  server.pages.first = { rooms: [room(30), room(20), room(10)] };
  await model.refresh();
  expect(ids()).toEqual(['room_30', 'room_20', 'room_10']);
  server.pages.first = { rooms: [room(40), room(30), room(10)] };
  await model.refresh();
  expect(ids()).toEqual(['room_30', 'room_20 ended', 'room_10']);
  expect(model.view.current.waiting).toBe(1);
  model.settle();
  expect(ids()).toEqual(['room_40', 'room_30', 'room_10']);
  expect(model.view.current.waiting).toBe(0);
});

test('whoever comes back to the page gets the list in order', async () => {
  const { model, server, ids } = directory();
  server.pages.first = { rooms: [room(30)] };
  await model.refresh();
  server.pages.first = { rooms: [room(40)] };
  await model.refresh({ settle: true });
  expect(ids()).toEqual(['room_40']);
});

test('when all rooms have ended the page says that nobody is live, and the next one appears by itself', async () => {
  const { model, server, ids } = directory();
  server.pages.first = { rooms: [room(30)] };
  await model.refresh();
  server.pages.first = { rooms: [] };
  await model.refresh();
  expect(model.view.current).toMatchObject({ phase: 'shown', rooms: [] });
  server.pages.first = { rooms: [room(50)] };
  await model.refresh();
  expect(ids()).toEqual(['room_50']);
});

test('pages are put one after the other, each room once, until there are no more', async () => {
  const { model, server, ids } = directory();
  server.pages.first = { rooms: [room(30), room(20)], next: 'b' };
  server.pages.b = { rooms: [room(20), room(10)], next: 'c' };
  server.pages.c = localProblem('unreachable');
  await model.refresh();
  expect(model.view.current.more).toBe('there');
  await model.more();
  expect(ids()).toEqual(['room_30', 'room_20', 'room_10']);
  await model.more();
  expect(model.view.current.more).toBe('failed');
  server.pages.c = { rooms: [room(5)] };
  await model.more();
  expect(ids()).toEqual(['room_30', 'room_20', 'room_10', 'room_05']);
  expect(model.view.current.more).toBe('none');
});

test('a refresh that sees only the newest rooms does not call the others ended', async () => {
  const { model, server, ids } = directory();
  server.pages.first = { rooms: [room(30), room(20)], next: 'b' };
  server.pages.b = { rooms: [room(10)] };
  await model.refresh();
  await model.more();
  server.pages.first = { rooms: [room(30)], next: 'b' };
  await model.refresh();
  expect(ids()).toEqual(['room_30', 'room_20', 'room_10']);
});

test('when the server is away what was known stays, with the reason; with nothing known there is only the reason', async () => {
  const { model, server, ids } = directory();
  server.pages.first = localProblem('unreachable');
  await model.refresh();
  expect(model.view.current).toMatchObject({ phase: 'failed', problem: { offline: true } });
  server.pages.first = { rooms: [room(30)] };
  await model.refresh();
  expect(model.view.current.problem).toBeUndefined();
  server.pages.first = localProblem('unreachable');
  await model.refresh();
  expect(model.view.current).toMatchObject({ phase: 'shown', problem: { offline: true } });
  expect(ids()).toEqual(['room_30']);
});

test('one ask at a time, whoever wants to know', async () => {
  const { model, server } = directory();
  server.pages.first = { rooms: [] };
  await Promise.all([model.refresh(), model.refresh(), model.refresh()]);
  expect(server.asked).toHaveLength(1);
});

test('tags come by how many rooms have them; the chosen one stays to be unchosen', async () => {
  const { model, server } = directory();
  server.pages.first = { rooms: [room(30, ['music', 'talk']), room(20, ['talk'])] };
  await model.refresh();
  expect(model.view.current.tags).toEqual(['talk', 'music']);
  model.choose('music');
  server.pages.first = { rooms: [room(20, ['talk'])] };
  await model.refresh({ settle: true });
  expect(model.view.current).toMatchObject({ tag: 'music', tags: ['talk', 'music'] });
  model.choose('music');
  expect(model.view.current.tag).toBeUndefined();
});

test('a fault of ours is not told as a problem of the network', async () => {
  const { model, server } = directory();
  server.pages.first = new TypeError('a fault');
  await expect(model.refresh()).rejects.toThrow(TypeError);
});
