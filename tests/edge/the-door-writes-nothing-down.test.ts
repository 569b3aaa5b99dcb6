import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endpointsAt } from '@nightjar/client/endpoints';
import { newBroadcaster } from '../lib/people.ts';
import { type EdgePlatform, edgePlatform, from } from './edge-platform.ts';

const ADDRESS = '203.0.113.199';
const stack = new AsyncDisposableStack();
let ground: EdgePlatform;

beforeAll(async () => {
  ground = stack.use(await edgePlatform({ pages: true }));
}, 180_000);
afterAll(() => stack.disposeAsync());

/** Every log of the platform: services, servers and their like. */
async function logs(): Promise<Map<string, string>> {
  const { root } = ground.platform.state;
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.log'));
  const texts = files.map(async (file) => [file, await readFile(path.join(root, file), 'utf8')] as const);
  return new Map(await Promise.all(texts));
}

test('no address, no access token, no query and no name of a client is in a log, while all is well and while it is not', async () => {
  const endpoints = endpointsAt(ground.platform.endpoints.edge ?? '');
  const owner = await newBroadcaster({ ...ground.platform, endpoints });
  const { roomId } = await owner.newRoom();
  const headers = { ...from('FR', ADDRESS), 'user-agent': 'TellingBrowser/7', cookie: 'telling=cookie' };
  const ask = (target: string, init: RequestInit = {}) =>
    fetch(`${ground.testDoor}${target}`, {
      ...init,
      headers: { ...headers, 'content-type': 'application/json' },
    });
  const ticket = async () => {
    const body = JSON.stringify({ as: 'guest' });
    const answer = await ask(`/v1/rooms/${roomId}/tickets`, { method: 'POST', body });
    return ((await answer.json()) as { ticket: string }).ticket;
  };
  const granted = await ask(`/v1/rooms/${roomId}/media-grants`, {
    method: 'POST',
    body: JSON.stringify({ ticket: await ticket() }),
  });
  const { accessToken } = (await granted.json()) as { accessToken: string };
  const everything = async () => {
    const query = `?access_token=${accessToken}&telling=query`;
    for (const target of ['/rtc/validate', '/rtc', '/rtc/v1', '/v1/rooms', '/v1/nothing', '/', '/nothing'])
      await (await ask(`${target}${query}`)).text();
  };
  await everything();
  for (const name of ['rooms', 'events', 'web'] as const) await ground.platform.service(name).kill();
  await everything();
  const told = await logs();
  expect([...told.keys()]).toEqual(
    expect.arrayContaining(['logs/edge.log', 'logs/web.log', 'logs/rooms.log']),
  );
  for (const [where, text] of told) {
    for (const what of [ADDRESS, accessToken, accessToken.split('.')[2] ?? '', 'telling', 'Telling'])
      expect({ where, what, found: text.includes(what) }).toEqual({ where, what, found: false });
  }
}, 60_000);

test('a part that is away is said to be away, and the door stays open', async () => {
  for (const target of ['/v1/rooms', '/v1/socket', '/rtc/validate?access_token=a.b.c', '/', '/r/a-room']) {
    const answer = await fetch(`${ground.platform.endpoints.edge}${target}`);
    expect([target, answer.status, await answer.json()]).toMatchObject([
      target,
      503,
      { code: 'unavailable', retry: true },
    ]);
  }
  expect((await fetch(`${ground.platform.endpoints.edge}/site.json`)).status).toBe(200);
  for (const name of ['rooms', 'events', 'web'] as const) await ground.platform.service(name).restart();
  for (const target of ['/v1/rooms', '/', '/r/a-room'])
    expect((await fetch(`${ground.platform.endpoints.edge}${target}`)).status).toBe(200);
}, 60_000);
