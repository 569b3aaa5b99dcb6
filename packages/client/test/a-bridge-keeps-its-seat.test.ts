import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ClientMessage, TipEntry } from '@nightjar/contracts/ws-protocol';
import { BridgeConnection } from '../src/bridge-connection.ts';
import { createHttpClient, type HttpRequest } from '../src/http.ts';
import { Identity } from '../src/identity.ts';
import { memoryKeys } from '../src/key-store.ts';
import { ROOM } from './support/join.ts';
import { ProtocolServer, until } from './support/protocol-server.ts';

const EFFECT = { output: 'vibrate', durationMs: 1_000, points: [{ atMs: 0, level: 500 }] } as const;
const START_BY = '2026-01-01T00:01:00.000Z';
const tipEntry = (tipId: string, held = true): TipEntry => ({
  kind: 'tip',
  tipId,
  from: 'pn_1',
  amount: '25',
  held,
  startBy: START_BY,
  item: { itemId: 'buzz', name: 'Short buzz', effect: EFFECT },
});

let server: ProtocolServer;
let connection: BridgeConnection;
let told: string[];

beforeEach(async () => {
  server = await ProtocolServer.start();
  server.answer = (message, say) => {
    if (message.t === 'seat') say({ t: 'seat', held: true });
    if (message.t === 'permit') say({ t: 'permit', n: message.n, forMs: 600, serverMs: 5 });
  };
  const auth = async ({ path }: HttpRequest): Promise<unknown> => {
    if (path === '/v1/auth/challenges') return { challenge: 'c' };
    return { accessToken: 'a', subject: 's', expiresAt: new Date(Date.now() + 600_000).toISOString() };
  };
  connection = new BridgeConnection({
    endpoints: { events: server.url },
    http: createHttpClient(),
    roomId: ROOM,
    identity: new Identity({
      endpoints: { auth: 'http://x' },
      http: auth,
      keys: memoryKeys(),
      broadcaster: true,
    }),
    bridgeKey: new Uint8Array(32),
  });
  told = [];
  connection.start({
    up: () => told.push('up'),
    down: () => told.push('down'),
    effect: ({ tipId, startByMs, begun }) =>
      told.push(`effect ${tipId} ${startByMs === Date.parse(START_BY)}${begun ? ' begun' : ''}`),
    begun: (tipId) => told.push(`begun ${tipId}`),
    permit: ({ n, forMs, reason }) => told.push(`permit ${n} ${forMs} ${reason ?? ''}`),
    settled: (tipId) => told.push(`settled ${tipId}`),
    rejected: (tipId, code) => told.push(`rejected ${tipId} ${code}`),
  });
});
afterEach(async () => {
  connection.close();
  await server[Symbol.asyncDispose]();
});

const of = <T extends ClientMessage['t']>(t: T) =>
  server.heard.filter((message): message is Extract<ClientMessage, { t: T }> => message.t === t);

test('it comes in with its key and one name for the run, and is up when it has the seat', async () => {
  await until('up', () => told.includes('up'));
  server.cut();
  await until('up again', () => told.filter((word) => word === 'up').length === 2);
  expect(told).toEqual(['up', 'down', 'up']);
  const [first, second] = server.tickets;
  expect(first).toMatchObject({ as: 'bridge', bridgeKey: 'A'.repeat(43) });
  expect(second).toEqual(first);
  // Its own seat is not taken by force.
  expect(of('seat').map(({ take }) => take)).toEqual([true, false]);
});

test('held tips with effects become effects, out of the snapshot too; those without, and past ones, do not', async () => {
  await until('up', () => told.includes('up'));
  server.append({ ...tipEntry('tip_1') });
  server.append({ ...tipEntry('tip_2', false) });
  await until('an effect', () => told.length === 2);
  // The new log shows a past in which a tip has ended already.
  server.snapshot = { tips: [tipEntry('tip_3')] };
  server.history = 9;
  server.epoch = 'e2';
  server.cut();
  await until('up again', () => told.filter((word) => word === 'up').length === 2);
  expect(told).toEqual(['up', 'effect tip_1 true', 'down', 'effect tip_3 true', 'up']);
});

test('what has begun is said: out of the snapshot with its effect, and when the log brings it', async () => {
  server.snapshot = {
    tips: [
      { ...tipEntry('tip_1'), state: 'running' },
      { ...tipEntry('tip_2'), state: 'paused' },
      { ...tipEntry('tip_3'), state: 'queued' },
    ],
  };
  await until('up', () => told.includes('up'));
  const inSnapshot = ['effect tip_1 true begun', 'effect tip_2 true begun', 'effect tip_3 true', 'up'];
  expect(told).toEqual(inSnapshot);
  server.append({ kind: 'progress', tipId: 'tip_3', state: 'queued' });
  server.append({ kind: 'progress', tipId: 'tip_3', state: 'running' });
  await until('the word', () => told.length === 5);
  expect(told).toEqual([...inSnapshot, 'begun tip_3']);
});

test('what is refused for good is said as rejected; what may succeed later is not', async () => {
  await until('up', () => told.includes('up'));
  server.say({ t: 'error', re: 'tip_1', code: 'unavailable', message: '', retry: true });
  server.say({ t: 'error', re: 'tip_1', code: 'outcome_invalid', message: '', retry: false });
  await until('the word', () => told.length === 2);
  expect(told).toEqual(['up', 'rejected tip_1 outcome_invalid']);
});

test('a server that goes: the seat is asked for on the second socket, permits go on without a pause, never down', async () => {
  await until('up', () => told.includes('up'));
  let n = 0;
  const asking = setInterval(() => {
    n += 1;
    connection.askPermit(n);
  }, 5);
  server.say({ t: 'going', inMs: 0 });
  await until('the hand-over', () => server.tickets.length === 2 && server.sockets === 1);
  await until('some more', () => n > 20);
  clearInterval(asking);
  await until('all answers', () => told.filter((word) => word.startsWith('permit')).length >= n - 2);
  expect(told).not.toContain('down');
});

test('a permit that is refused is a no with a reason; a lost seat is down until it is back', async () => {
  await until('up', () => told.includes('up'));
  server.answer = (message, say) => {
    if (message.t === 'permit') say({ t: 'refused', n: message.n, code: 'seat_lost', serverMs: 5 });
    if (message.t === 'seat') say({ t: 'seat', held: true });
  };
  connection.askPermit(1);
  await until('up again', () => told.filter((word) => word === 'up').length === 2);
  expect(told).toEqual(['up', 'down', 'permit 1 0 seat_lost', 'up']);
});

test('another bridge has it: this one ends, and says why', async () => {
  await until('up', () => told.includes('up'));
  server.answer = (message, say) => {
    if (message.t === 'seat') say({ t: 'seat', held: false, code: 'seat_taken' });
  };
  server.cut();
  await until('the end', () => connection.phase === 'closed');
  expect(connection.reason).toMatchObject({ code: 'seat_lost', retry: false });
  expect(told).toEqual(['up', 'down']);
});
