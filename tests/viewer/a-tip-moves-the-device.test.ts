import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHttpClient } from '@nightjar/client/http';
import { Rooms } from '@nightjar/client/rooms';
import { getTicket } from '@nightjar/client/tickets';
import { type SeenFrame, watchPicture } from '@nightjar/demo/watch-picture';
import { until } from '../lib/until.ts';
import { type Evening, startEvening } from './evening.ts';

let evening: Evening;
beforeAll(async () => {
  evening = await startEvening();
}, 120_000);
afterAll(async () => {
  await evening?.[Symbol.asyncDispose]();
});

const stages = (lines: Record<string, unknown>[]) => lines.flatMap(({ stage }) => (stage ? [stage] : []));

test('a viewer who knows nothing tips from a terminal, and the picture shows what the device does', async () => {
  const { endpoints, demo } = evening;
  const http = createHttpClient();
  const { roomId } = demo.room;
  const { ticket } = await getTicket({ endpoints, http, roomId, as: 'guest' });
  const frames: SeenFrame[] = [];
  const grant = await new Rooms({ endpoints, http }).mediaGrant(roomId, ticket);
  await using watched = await watchPicture(grant, (frame) => frames.push(frame));
  await until('a picture', () => frames.length > 5);
  expect(frames.at(-1)?.level).toBe(0);

  const { code, lines } = await evening.viewer('tip', 'buzz');
  expect(code).toBe(0);
  expect(stages(lines).filter((stage) => stage !== 'queued')).toEqual(['sending', 'held', 'running', 'ran']);
  expect(lines.at(-1)).toEqual({ available: '475', held: '0' });
  await until('the device rests in the picture', () => frames.at(-1)?.level === 0);
  const highest = Math.max(...frames.map(({ level }) => level));
  // The item's 600 thousandths of what the envelope allows, in the device's own steps.
  expect(highest).toBeGreaterThan(400);
  expect(highest).toBeLessThanOrEqual(600);
  const moved = frames.filter(({ level }) => level > 0);
  const movedMs = (moved.at(-1)?.clockMs ?? 0) - (moved[0]?.clockMs ?? 0);
  expect(Math.abs(movedMs - 2_000)).toBeLessThan(400);
  expect(watched.unread).toBe(0);
});

test('the same tip again moves nothing: not the device, not a token', async () => {
  const first = await evening.viewer('tip', 'buzz');
  const tipId = String(first.lines.find((line) => line.tipId)?.tipId);
  const before = (await evening.viewer('balance')).lines[0];
  const effects = evening.said.filter(({ is }) => is === 'device').length;
  const again = await evening.viewer('tip', 'buzz', '--id', tipId, '--no-wait');
  expect(again.code).toBe(0);
  expect((await evening.viewer('balance')).lines[0]).toEqual(before);
  expect(evening.said.filter(({ is }) => is === 'device')).toHaveLength(effects);
});

test('a tip without an effect is paid at once; without money it is refused and nothing moves', async () => {
  const paid = await evening.viewer('tip', 'cheers');
  expect(stages(paid.lines)).toEqual(['sending', 'paid']);
  const before = (await evening.viewer('balance')).lines[0];
  const refused = await evening.viewer('tip', '999999', '--no-buy');
  expect(refused.code).toBe(1);
  expect(refused.lines.at(-1)).toMatchObject({ stage: 'failed', code: 'insufficient_tokens' });
  expect((await evening.viewer('balance')).lines[0]).toEqual(before);
});

test.each([
  [['tip', 'no-such-thing'], 2],
  [['watch', 'no-such-room-abc123'], 1],
  [['dance'], 2],
])('%j ends with %i', async (args, code) => {
  expect((await evening.viewer(...args)).code).toBe(code);
});
