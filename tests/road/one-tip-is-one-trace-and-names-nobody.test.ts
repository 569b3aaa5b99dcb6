import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Room } from '@nightjar/client/rooms';
import { startTestBridge, type TestBridge } from '../lib/bridge.ts';
import { type Broadcaster, newBroadcaster, newViewer, type Viewer } from '../lib/people.ts';
import { platformUnderTest, type TestPlatform } from '../lib/platform-under-test.ts';
import { startTraceCollector } from '../lib/trace-collector.ts';
import { until } from '../lib/until.ts';

const TEST_MS_MAX = 60_000;

let collector: Awaited<ReturnType<typeof startTraceCollector>>;
let platform: TestPlatform;
let broadcaster: Broadcaster;
let room: Room;
let bridge: TestBridge;
let viewer: Viewer;

beforeAll(async () => {
  collector = await startTraceCollector();
  platform = await platformUnderTest({ otlpUrl: collector.url });
  broadcaster = await newBroadcaster(platform);
  room = await broadcaster.newRoom();
  bridge = await startTestBridge(platform, broadcaster, room.roomId);
  viewer = await newViewer(platform, room.roomId, 100n);
}, TEST_MS_MAX);

afterAll(async () => {
  viewer?.[Symbol.dispose]();
  await bridge?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
}, TEST_MS_MAX);

test('a tip is one trace: socket, RPC, transaction, outbox, JetStream, Redis, bridge, outcome, settlement', async () => {
  const tip = viewer.tip({ itemId: 'short' });
  expect((await tip.end).stage).toBe('ran');
  const traceId = tip.trace.split('-')[1];
  const mine = () => collector.spans.filter((span) => span.traceId === traceId);
  const stages = () => mine().map(({ service, name }) => `${service}: ${name}`);
  // The second append is of the settlement: it went through outbox and bus with the trace that the bridge gave back.
  await until(
    'the trace is whole',
    () => stages().filter((s) => s === 'nightjar-events: room log append').length === 2,
  );
  expect(new Set(stages())).toEqual(
    new Set([
      'nightjar-events: tip',
      'nightjar-events: rpc.payments.v1.Tip',
      'nightjar-payments: rpc.payments.v1.Tip',
      'nightjar-events: room log append',
      'nightjar-events: progress',
      'nightjar-events: outcome',
      'nightjar-events: rpc.payments.v1.Settle',
      'nightjar-payments: rpc.payments.v1.Settle',
    ]),
  );
  // Every span hangs on another one of the trace, or on the viewer's own.
  const known = new Set([tip.trace.split('-')[2], ...mine().map(({ spanId }) => spanId)]);
  expect(mine().filter(({ parentSpanId }) => !known.has(parentSpanId))).toEqual([]);
});

test('neither traces nor logs nor metrics hold an address, a pseudonym, a wallet, an account, a key or a ticket', async () => {
  const walletId = await viewer.wallet.id();
  const { subject, accessToken } = await broadcaster.identity.accessToken('rooms');
  const { pseudonym } = viewer.connection;
  const { ticket } = { ticket: await viewer.connection.mediaTicket() };
  const texts = new Map<string, string>([['traces', JSON.stringify(collector.spans)]]);
  for (const [name, service] of platform.services) {
    texts.set(`metrics of ${name}`, await (await fetch(`${service.internalUrl}/metrics`)).text());
  }
  for (const file of await readdir(platform.state.logs)) {
    const text = await readFile(path.join(platform.state.logs, file), 'utf8');
    // The operator's own command may say what it made.
    if ([...platform.services.keys()].some((name) => file === `${name}.log`)) texts.set(file, text);
  }
  expect([...texts.keys()].filter((name) => name.endsWith('.log'))).toHaveLength(platform.services.size);
  const secrets = {
    walletId,
    subject,
    accessToken,
    pseudonym,
    ticket,
    publicKey: await broadcaster.identity.publicKey(),
  };
  for (const [where, text] of texts) {
    for (const [what, secret] of Object.entries(secrets)) {
      expect(secret).toBeTruthy();
      expect({ where, what, found: text.includes(String(secret)) }).toEqual({ where, what, found: false });
    }
    // No log says from where a request came. What a service listens on is said once, at its start.
    const lines = text
      .split('\n')
      .filter((line) => /127\.0\.0\.1|::1/.test(line) && !/"listen"|"serving"/.test(line));
    expect({ where, lines }).toEqual({ where, lines: [] });
  }
});
