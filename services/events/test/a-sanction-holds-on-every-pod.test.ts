import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { Sanction } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { CLOSE } from '@nightjar/contracts/ws-protocol';
import { eventually } from '@nightjar/testkit/eventually';
import { enter, newLine, type Pod, type TestSocket } from './events-under-test.ts';
import { onTwoPods, platform, pods, room } from './two-pods.ts';

/** From the decision at rooms to the socket's end. */
const CLOSED_MS_MAX = 1_000;
const HOUR_MS = 3_600_000;

onTwoPods();

let who: string;

beforeEach(() => {
  who = `pn_${randomUUID()}`;
});

const asWho = (pod: Pod) => enter(platform, pod, room, 'viewer', undefined, who);
const sanction = (what: Sanction, untilMs?: number) =>
  platform.neighbours.sanction(room.roomId, who, what, untilMs);
const sanctions = ({ kind }: { kind: string }) => kind === 'sanction';

/** A ticket as somebody has one who asked in time. */
async function ticketOfWho(): Promise<string> {
  const access = await platform.neighbours.accessToken(room.roomId, undefined, who);
  return eventually(async () => {
    const { ticket, text } = await pods[0].ticket(room.roomId, { as: 'viewer', access });
    if (!ticket) throw new Error(text);
    return ticket;
  });
}

async function useTicket(pod: Pod, ticket: string): Promise<TestSocket> {
  const socket = await pod.connect();
  socket.say({ t: 'hello', ticket });
  return socket;
}

test.each([
  ['removal', Sanction.REMOVED, 'removed'],
  ['ban', Sanction.BANNED, 'banned'],
] as const)(
  'a %s closes the sockets of its one viewer on every pod within a second, and nobody else’s',
  async (_what, decided, word) => {
    const theirs = [await asWho(pods[0]), await asWho(pods[1]), await asWho(pods[1])];
    const others = [
      await enter(platform, pods[0], room, 'viewer'),
      await enter(platform, pods[1], room, 'guest'),
      // The owner is known by a pseudonym too: even by the same one.
      await enter(platform, pods[1], room, 'broadcaster', undefined, who),
      await enter(platform, pods[0], room, 'bridge', undefined, who),
    ];
    const before = performance.now();
    const ends = theirs.map(({ socket }) => socket.closed.then((code) => ({ code, at: performance.now() })));
    await sanction(decided);
    for (const { code, at } of await Promise.all(ends)) {
      expect(code).toBe(CLOSE.removed.code);
      expect(at - before).toBeLessThan(CLOSED_MS_MAX);
    }
    for (const { socket } of others) {
      expect(await socket.next('entry', sanctions)).toMatchObject({ who, what: word });
      socket.say({ t: 'ping', n: 1 });
      await socket.next('pong');
    }
  },
);

test('a ticket given before a ban opens no socket after it, on a pod that has the room open and on one that has not', async () => {
  const tickets = [await ticketOfWho(), await ticketOfWho()];
  const watcher = await enter(platform, pods[0], room, 'guest');
  await sanction(Sanction.BANNED);
  await watcher.socket.next('entry', sanctions);
  for (const [i, ticket] of tickets.entries()) {
    const socket = await useTicket(pods[i] ?? pods[0], ticket);
    expect(await socket.closed).toBe(CLOSE.removed.code);
    expect(socket.heard.filter(({ t }) => t === 'welcome' || t === 'entry')).toEqual([]);
  }
});

test('a removal ends with the show that it was made in, and a ban does not', async () => {
  const banned = `pn_${randomUUID()}`;
  const watcher = await enter(platform, pods[0], room, 'guest');
  await sanction(Sanction.REMOVED);
  await platform.neighbours.sanction(room.roomId, banned, Sanction.BANNED);
  await watcher.socket.next('entry', sanctions);
  await watcher.socket.next('entry', sanctions);
  await platform.neighbours.show(room.roomId, false);
  await watcher.socket.next('entry', ({ kind }) => kind === 'show');
  const back = await asWho(pods[1]);
  expect(back.welcome.pseudonym).toBe(who);
  const again = await asWho(pods[0]);
  expect(again.welcome.pseudonym).toBe(who);
  const access = await platform.neighbours.accessToken(room.roomId, undefined, banned);
  const { ticket } = await pods[0].ticket(room.roomId, { as: 'viewer', access });
  expect(await (await useTicket(pods[0], ticket)).closed).toBe(CLOSE.removed.code);
});

test('what is lifted is over', async () => {
  const watcher = await enter(platform, pods[0], room, 'guest');
  await sanction(Sanction.BANNED);
  await watcher.socket.next('entry', sanctions);
  await sanction(Sanction.LIFTED);
  expect(await watcher.socket.next('entry', sanctions)).toMatchObject({ who, what: 'lifted' });
  for (const pod of pods) await asWho(pod);
});

test('a silenced viewer’s lines are refused with the time, on every pod, until it is lifted; tips and others’ lines go on', async () => {
  const theirs = [await asWho(pods[0]), await asWho(pods[1])];
  const other = await enter(platform, pods[0], room, 'viewer');
  const untilMs = Date.now() + HOUR_MS;
  const until = new Date(untilMs).toISOString();
  await sanction(Sanction.SILENCED, untilMs);
  for (const { socket } of theirs) {
    expect(await socket.next('entry', sanctions)).toMatchObject({ who, what: 'silenced', until });
    const line = newLine();
    socket.say(line);
    expect(await socket.next('error')).toMatchObject({ re: line.id, code: 'silenced', retry: false, until });
  }
  other.socket.say(newLine());
  await other.socket.next('posted');
  await sanction(Sanction.LIFTED);
  for (const { socket } of theirs) {
    expect(await socket.next('entry', sanctions)).toMatchObject({ what: 'lifted' });
    socket.say(newLine());
    await socket.next('posted');
  }
});

test('a silence is over by itself', async () => {
  const { socket } = await asWho(pods[0]);
  await sanction(Sanction.SILENCED, Date.now() + 500);
  await socket.next('entry', sanctions);
  socket.say(newLine());
  expect((await socket.next('error')).code).toBe('silenced');
  await eventually(async () => {
    socket.say(newLine());
    const answer = await socket.find(
      (message): message is Extract<typeof message, { t: 'posted' | 'error' }> =>
        message.t === 'posted' || message.t === 'error',
      'answer',
    );
    expect(answer.t).toBe('posted');
  });
});

test('a silence and a removal hold in a new epoch, and on a pod that starts in it', async () => {
  const removed = `pn_${randomUUID()}`;
  const { socket } = await asWho(pods[0]);
  const untilMs = Date.now() + HOUR_MS;
  await sanction(Sanction.SILENCED, untilMs);
  await platform.neighbours.sanction(room.roomId, removed, Sanction.REMOVED);
  await socket.next(
    'entry',
    ({ kind, ...entry }) => kind === 'sanction' && 'who' in entry && entry.who === removed,
  );
  await platform.redis.kill();
  await platform.redis.restart();
  await using late = await platform.startPod();
  const again = await asWho(late);
  expect(again.welcome.silencedUntil).toBe(new Date(untilMs).toISOString());
  // Who stayed hears of the new epoch with what happens next.
  again.socket.say(newLine());
  expect((await again.socket.next('error')).code).toBe('silenced');
  const speaker = await enter(platform, late, room, 'viewer');
  speaker.socket.say(newLine());
  const restarted = await socket.next('welcome');
  expect(restarted.silencedUntil).toBe(new Date(untilMs).toISOString());
  socket.say(newLine());
  expect((await socket.next('error')).code).toBe('silenced');
  const access = await platform.neighbours.accessToken(room.roomId, undefined, removed);
  const { ticket } = await late.ticket(room.roomId, { as: 'viewer', access });
  expect(await (await useTicket(late, ticket)).closed).toBe(CLOSE.removed.code);
});
