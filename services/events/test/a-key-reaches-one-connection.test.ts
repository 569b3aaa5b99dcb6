import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { KEY_ASK_TEXT_MAX, KEY_TEXT_MAX, KEYS_MAX } from '@nightjar/contracts/ws-schemas';
import { KEY_ASKS_BURST } from '../src/limits.ts';
import { enter, newLine, SEALED, type TestSocket } from './events-under-test.ts';
import { onTwoPods, platform, pods, room } from './two-pods.ts';

onTwoPods();

const ask = (bytes = 'AAAA') => ({
  t: 'key-ask',
  id: `ask_${randomUUID()}`,
  request: { ...SEALED, bytes },
});
const keys = (...each: [to: string, bytes: string][]) => ({
  t: 'keys',
  id: `keys_${randomUUID()}`,
  keys: each.map(([to, bytes]) => ({ to, key: { ...SEALED, bytes } })),
});

/** Everything that was on its way to a socket has come when this resolves. */
async function quiet(socket: TestSocket): Promise<void> {
  socket.say({ t: 'ping', n: 1 });
  await socket.next('pong');
}
const keysHeard = (socket: TestSocket) => socket.heard.filter(({ t }) => t === 'key');

test('who asks is named by a place for this connection alone; the answer comes there, over two pods, and nowhere else', async () => {
  const keeper = await enter(platform, pods[0], room, 'broadcaster');
  const asker = await enter(platform, pods[1], room, 'viewer');
  const other = await enter(platform, pods[1], room, 'viewer');
  const guest = await enter(platform, pods[0], room, 'guest');
  asker.socket.say(ask('Zmlyc3Q'));
  const asked = await keeper.socket.next('key-asked');
  expect(asked).toEqual({
    t: 'key-asked',
    ref: expect.stringMatching(/^[\w-]{22}$/),
    from: asker.welcome.pseudonym,
    request: { ...SEALED, bytes: 'Zmlyc3Q' },
  });
  guest.socket.say(ask());
  const byGuest = await keeper.socket.next('key-asked');
  expect(byGuest).not.toHaveProperty('from');
  expect(byGuest.ref).not.toBe(asked.ref);

  keeper.socket.say(
    keys([asked.ref, 'Zm9yLWFza2Vy'], ['no-such-connection-', 'AAAA'], [byGuest.ref, 'Z3Vlc3Q']),
  );
  expect((await asker.socket.next('key')).key).toEqual({ ...SEALED, bytes: 'Zm9yLWFza2Vy' });
  expect((await guest.socket.next('key')).key.bytes).toBe('Z3Vlc3Q');
  for (const { socket } of [asker, other, guest, keeper]) {
    await quiet(socket);
    expect(keysHeard(socket)).toEqual([]);
    // Nor does anybody but the keeper hear who asks, and by what name to reach them.
    expect(socket.heard.filter(({ t }) => t === 'key-asked')).toEqual([]);
  }
});

test('neither an ask nor a key is in the log, or anywhere in Redis', async () => {
  const keeper = await enter(platform, pods[0], room, 'broadcaster');
  const asker = await enter(platform, pods[1], room, 'viewer');
  const canary = randomUUID().replaceAll('-', '');
  asker.socket.say(ask(canary));
  const { ref } = await keeper.socket.next('key-asked');
  keeper.socket.say(keys([ref, canary]));
  await asker.socket.next('key');
  expect(await platform.inRedis(canary)).toEqual([]);
  expect(await platform.inRedis(ref)).toEqual([]);
  // An entry that follows has the next place.
  const { welcome } = await enter(platform, pods[0], room, 'guest');
  expect(welcome.offset).toBe(asker.welcome.offset);
  const line = newLine();
  asker.socket.say(line);
  expect((await asker.socket.next('posted')).offset).toBe(welcome.offset + 1);
  expect(await platform.inRedis(line.id)).not.toEqual([]);
});

test('whoever comes back is another connection, and a key for the one before reaches nobody', async () => {
  const keeper = await enter(platform, pods[0], room, 'broadcaster');
  const subject = `pn_${randomUUID()}`;
  const first = await enter(platform, pods[1], room, 'viewer', undefined, subject);
  first.socket.say(ask());
  const before = await keeper.socket.next('key-asked');
  first.socket.leave();
  await first.socket.closed;
  const second = await enter(platform, pods[1], room, 'viewer', undefined, subject);
  second.socket.say(ask());
  const after = await keeper.socket.next('key-asked');
  expect(after.from).toBe(before.from);
  expect(after.ref).not.toBe(before.ref);
  keeper.socket.say(keys([before.ref, 'b2xk'], [after.ref, 'bmV3']));
  expect((await second.socket.next('key')).key.bytes).toBe('bmV3');
  await quiet(second.socket);
  expect(keysHeard(second.socket)).toEqual([]);
});

test('with nobody there who keeps the keys an ask is lost without harm, and the next one is heard', async () => {
  const asker = await enter(platform, pods[1], room, 'viewer');
  asker.socket.say(ask());
  await quiet(asker.socket);
  const keeper = await enter(platform, pods[0], room, 'broadcaster');
  await quiet(keeper.socket);
  expect(keeper.socket.heard.filter(({ t }) => t === 'key-asked')).toEqual([]);
  asker.socket.say(ask());
  await keeper.socket.next('key-asked');
});

test('asking too often is refused for a while, and the broadcaster hears no more of it', async () => {
  const keeper = await enter(platform, pods[0], room, 'broadcaster');
  const asker = await enter(platform, pods[0], room, 'guest');
  const asks = Array.from({ length: KEY_ASKS_BURST + 1 }, () => ask());
  for (const each of asks) asker.socket.say(each);
  expect(await asker.socket.next('error')).toMatchObject({
    re: asks.at(-1)?.id,
    code: 'too_many_key_asks',
    retry: true,
  });
  for (let n = 0; n < KEY_ASKS_BURST; n++) await keeper.socket.next('key-asked');
  await quiet(keeper.socket);
  expect(keeper.socket.heard.filter(({ t }) => t === 'key-asked')).toEqual([]);
});

test.each([
  ['viewer', () => keys(['x'.repeat(22), 'AAAA']), 'role_missing'],
  ['viewer', () => ({ t: 'keeper', id: `msg_${randomUUID()}`, statement: SEALED }), 'role_missing'],
  ['guest', () => keys(['x'.repeat(22), 'AAAA']), 'role_missing'],
  ['bridge', () => ask(), 'role_missing'],
  ['bridge', () => keys(['x'.repeat(22), 'AAAA']), 'role_missing'],
  ['broadcaster', () => ask(), 'role_missing'],
  ['guest', () => ask('A'.repeat(KEY_ASK_TEXT_MAX + 1)), 'malformed_message'],
  ['broadcaster', () => keys(['x'.repeat(22), 'A'.repeat(KEY_TEXT_MAX + 1)]), 'malformed_message'],
  [
    'broadcaster',
    () => keys(...Array.from({ length: KEYS_MAX + 1 }, (): [string, string] => ['x'.repeat(22), 'A'])),
    'malformed_message',
  ],
] as const)('what a %s may not say, or not so long, is refused: %#', async (as, message, code) => {
  const { socket } = await enter(platform, pods[0], room, as);
  const said = message();
  socket.say(said);
  expect(await socket.next('error')).toMatchObject({ re: said.id, code, retry: false });
  socket.leave();
});

test('the keeper’s word is in the log and in the snapshot, and said again it is the same entry', async () => {
  const keeper = await enter(platform, pods[0], room, 'broadcaster');
  const viewer = await enter(platform, pods[1], room, 'viewer');
  const word = { t: 'keeper', id: `msg_${randomUUID()}`, statement: SEALED };
  keeper.socket.say(word);
  const posted = await keeper.socket.next('posted');
  const heard = await viewer.socket.next('entry', ({ kind }) => kind === 'keeper');
  expect(heard).toMatchObject({ offset: posted.offset, statement: SEALED });
  keeper.socket.say(word);
  expect(await keeper.socket.next('posted')).toEqual(posted);
  const { welcome } = await enter(platform, pods[1], room, 'guest');
  expect(welcome.offset).toBe(posted.offset);
  expect(welcome.snapshot.keeper).toMatchObject({ kind: 'keeper', statement: SEALED });
});
