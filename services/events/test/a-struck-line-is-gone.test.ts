import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { enter, newLine, SEALED } from './events-under-test.ts';
import { onTwoPods, platform, pods, room } from './two-pods.ts';

onTwoPods();

const strike = (lineId: string) => ({ t: 'strike', id: `msg_${randomUUID()}`, lineId });
const sealedLine = (bytes: string) => ({ ...newLine(), body: { ...SEALED, bytes } });
const newBytes = () => randomUUID().replaceAll('-', '');

test('a struck line is told to all, its bytes are gone from Redis, and its place is not', async () => {
  const broadcaster = await enter(platform, pods[0], room, 'broadcaster');
  const viewer = await enter(platform, pods[1], room, 'viewer');
  const canary = newBytes();
  const lines = [sealedLine(newBytes()), sealedLine(canary), sealedLine(newBytes())];
  const offsets: number[] = [];
  for (const line of lines) {
    viewer.socket.say(line);
    offsets.push((await viewer.socket.next('posted')).offset);
  }
  expect(await platform.inRedis(canary)).not.toEqual([]);
  const message = strike(lines[1]?.id ?? '');
  broadcaster.socket.say(message);
  const posted = await broadcaster.socket.next('posted');
  expect(posted).toMatchObject({ id: message.id, offset: (offsets.at(-1) ?? 0) + 1 });
  expect(await viewer.socket.next('entry', ({ kind }) => kind === 'struck')).toMatchObject({
    offset: posted.offset,
    lineId: lines[1]?.id,
  });
  expect(await platform.inRedis(canary)).toEqual([]);

  // Somebody who comes, and somebody who comes back: each place is there, the line is not.
  const resume = { epoch: viewer.welcome.epoch, offset: viewer.welcome.offset };
  for (const place of [undefined, resume]) {
    const { socket, welcome } = await enter(platform, pods[1], room, 'guest', place);
    for (let offset = welcome.from; offset <= welcome.offset; offset++) {
      const entry = await socket.next('entry');
      expect(entry.offset).toBe(offset);
      expect(JSON.stringify(entry)).not.toContain(canary);
      if (offset === offsets[1] || offset === posted.offset)
        expect(entry).toMatchObject({ kind: 'struck', lineId: lines[1]?.id });
      if (offset === offsets[0] || offset === offsets[2]) expect(entry.kind).toBe('chat');
    }
  }
});

test('struck twice by one message it is one entry; sent again by its writer it does not come back', async () => {
  const broadcaster = await enter(platform, pods[0], room, 'broadcaster');
  const viewer = await enter(platform, pods[1], room, 'viewer');
  const line = sealedLine(newBytes());
  viewer.socket.say(line);
  const { offset } = await viewer.socket.next('posted');
  const message = strike(line.id);
  broadcaster.socket.say(message);
  const posted = await broadcaster.socket.next('posted');
  broadcaster.socket.say(message);
  expect(await broadcaster.socket.next('posted')).toEqual(posted);
  viewer.socket.say(line);
  expect(await viewer.socket.next('posted')).toMatchObject({ id: line.id, offset });
  expect(await platform.inRedis(line.body.bytes)).toEqual([]);
});

test('a line that is not in the log, or is none, changes nothing but is told', async () => {
  const broadcaster = await enter(platform, pods[0], room, 'broadcaster');
  const word = { t: 'keeper', id: `msg_${randomUUID()}`, statement: SEALED };
  broadcaster.socket.say(word);
  await broadcaster.socket.next('posted');
  for (const lineId of [`msg_${randomUUID()}`, word.id]) {
    broadcaster.socket.say(strike(lineId));
    await broadcaster.socket.next('posted');
    expect(await broadcaster.socket.next('entry', ({ kind }) => kind === 'struck')).toMatchObject({ lineId });
  }
  const { welcome } = await enter(platform, pods[1], room, 'guest');
  expect(welcome.snapshot.keeper).toMatchObject({ statement: SEALED });
});

test('nobody but the broadcaster strikes', async () => {
  for (const as of ['guest', 'viewer', 'bridge'] as const) {
    const { socket } = await enter(platform, pods[0], room, as);
    const message = strike(`msg_${randomUUID()}`);
    socket.say(message);
    expect(await socket.next('error')).toMatchObject({ re: message.id, code: 'role_missing' });
    socket.leave();
  }
});
