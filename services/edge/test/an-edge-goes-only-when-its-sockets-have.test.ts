import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@nightjar/testkit/eventually';
import { freePort } from '@nightjar/testkit/servers/ports';
import { WebSocket } from 'ws';
import { type EdgeUnderTest, edgeUnderTest } from './edge-under-test.ts';

const stack = new AsyncDisposableStack();
let ground: EdgeUnderTest;

beforeAll(async () => {
  ground = stack.use(await edgeUnderTest());
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  ground.upstreams.events.answer = () => ({ status: 204 });
});

async function openSocket(base: string): Promise<WebSocket> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/v1/socket`, 'nightjar.v1');
  await once(socket, 'open');
  return socket;
}

test('events hears who goes, readiness is off, and the door stays open until the last socket has gone', async () => {
  const edge = await ground.start({ internalListen: { host: '127.0.0.1', port: await freePort() } });
  const sockets = [await openSocket(edge.urls.http), await openSocket(edge.urls.http)];
  const { events } = ground.upstreams;
  const instance = (await ground.factsIn(events.seen.at(-1)))?.edge;
  let gone = false;
  const going = edge[Symbol.asyncDispose]().then(() => {
    gone = true;
  });
  const said = await eventually(() => {
    const found = events.seen.find(({ path }) => path === '/edge/v1/going');
    if (!found) throw new Error('not said');
    return found;
  });
  expect(said).toMatchObject({ method: 'POST', body: JSON.stringify({ edge: instance }) });
  expect((await ground.factsIn(said))?.edge).toBe(instance);
  expect((await fetch(`${edge.urls.internal}/health/ready`)).status).toBe(503);
  sockets[0]?.close();
  await once(sockets[0] as WebSocket, 'close');
  expect(gone).toBe(false);
  const echo = once(sockets[1] as WebSocket, 'message');
  sockets[1]?.send('still here');
  expect(String((await echo)[0])).toBe('still here');
  sockets[1]?.close();
  await going;
  await expect(fetch(edge.urls.http)).rejects.toThrow();
});

test('with nobody in it, it goes at once; with events away, too', async () => {
  ground.upstreams.events.answer = () => ({ status: 503 });
  const edge = await ground.start();
  const beganMs = performance.now();
  await edge[Symbol.asyncDispose]();
  expect(performance.now() - beganMs).toBeLessThan(3_000);
});

test('workerd ending by itself is the end of the edge', async () => {
  const edge = await ground.start();
  process.kill(workerdOf(edge.urls.http), 'SIGKILL');
  await expect(edge.died).rejects.toThrow('workerd ended by itself');
});

test('its key lies in no file while it runs, and in no process listing', async () => {
  const edge = await ground.start();
  const seed = ground.config.edgeKey.split(' ')[1] ?? '';
  const pid = workerdOf(edge.urls.http);
  const file = commandOf(pid).at(-1) ?? '';
  expect(commandOf(pid).join(' ') + readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(seed);
  expect(file).toMatch(/config\.capnp$/);
  expect(existsSync(file)).toBe(false);
});

/** The one that listens there. */
function workerdOf(url: string): number {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0');
  const inode = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, local, , state]) => state === '0A' && local?.endsWith(`:${port}`))?.[9];
  const found = readdirSync('/proc').find((pid) => {
    if (!/^\d+$/.test(pid) || !commandOf(Number(pid)).includes('serve')) return false;
    return readdirSync(`/proc/${pid}/fd`).some(
      (fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`,
    );
  });
  if (!found) throw new Error(`nobody listens at ${url}`);
  return Number(found);
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  } catch {
    return [];
  }
}
