import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CLOSE } from '@nightjar/contracts/ws-protocol';
import { createHttpClient } from '../src/http.ts';
import { Identity } from '../src/identity.ts';
import { RoomConnection } from '../src/room-connection.ts';
import { joinAsGuest, ROOM } from './support/join.ts';
import { ProtocolServer, until } from './support/protocol-server.ts';

let server: ProtocolServer;
let room: ReturnType<typeof joinAsGuest>;
const line = (n: number) => ({ kind: 'progress', tipId: `tip_${n}`, state: 'queued' });

beforeEach(async () => {
  server = await ProtocolServer.start();
  room = joinAsGuest(server);
});
afterEach(async () => {
  room.connection.close();
  await server[Symbol.asyncDispose]();
});

test('what happened while the network was away is delivered, in order and once', async () => {
  await room.connection.live();
  server.append(line(1));
  await until('one entry', () => room.entries.length === 1);
  server.cut();
  server.append(line(2));
  server.append(line(3));
  await until('three entries', () => room.entries.length === 3);
  expect(room.entries.map(({ offset }) => offset)).toEqual([1, 2, 3]);
  expect(room.phases).toEqual(['live', 'reconnecting: connection_lost', 'live']);
  expect(room.welcomes).toEqual([false, true]);
});

test('a server that goes hands over without a gap: the new socket stands before the old one is left', async () => {
  await room.connection.live();
  let fewest = 1;
  const watching = setInterval(() => {
    fewest = Math.min(fewest, server.sockets);
  }, 1);
  server.say({ t: 'going', inMs: 20 });
  for (let n = 1; n <= 50; n += 1) {
    server.append(line(n));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await until('the hand-over', () => server.tickets.length === 2 && server.sockets === 1);
  await until('all entries', () => room.entries.length >= 50);
  clearInterval(watching);
  expect(room.entries.map(({ offset }) => offset)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  expect(fewest).toBe(1);
  expect(room.phases).toEqual(['live']);
});

test('a lost log is not papered over', async () => {
  await room.connection.live();
  server.append(line(1));
  await until('one entry', () => room.entries.length === 1);
  server.epoch = 'e2';
  server.log.length = 0;
  server.cut();
  await until('a new welcome', () => room.welcomes.length === 2);
  expect(room.welcomes).toEqual([false, false]);
});

test('removed is for good, and says why', async () => {
  await room.connection.live();
  server.close(CLOSE.removed.code);
  await until('the end', () => room.connection.phase === 'closed');
  expect(room.phases.at(-1)).toBe('closed: removed');
  await expect(room.connection.live()).rejects.toMatchObject({ code: 'removed', retry: false });
  expect(server.tickets).toHaveLength(1);
});

test('a room that does not let one in says so once', async () => {
  const other = await ProtocolServer.start();
  other.refuse = { status: 404, code: 'room_not_found', retry: false };
  const refused = joinAsGuest(other);
  await expect(refused.connection.live()).rejects.toMatchObject({ code: 'room_not_found' });
  await other[Symbol.asyncDispose]();
});

test('a server that is away for a while is waited for', async () => {
  await room.connection.live();
  server.refuse = { status: 503, code: 'unavailable', retry: true };
  server.cut();
  await until('reconnecting', () => room.connection.phase === 'reconnecting');
  server.refuse = undefined;
  await room.connection.live();
});

test('keys that cannot be read are said, not waited for', async () => {
  const http = createHttpClient();
  const keys = { key: () => Promise.reject(new Error('the disk is gone')), forget: async () => {} };
  const identity = new Identity({ endpoints: { auth: server.url }, http, keys });
  using connection = new RoomConnection({
    endpoints: { events: server.url },
    http,
    roomId: ROOM,
    as: 'viewer',
    identity,
  });
  await expect(connection.live()).rejects.toMatchObject({ code: 'internal', retry: false });
});
