import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { freePort } from '@nightjar/testkit/servers/ports';
import type { RunningEdge } from '../src/service.ts';
import { type EdgeUnderTest, edgeUnderTest } from './edge-under-test.ts';

const stack = new AsyncDisposableStack();
let ground: EdgeUnderTest;
let edge: RunningEdge;
let behindHop: RunningEdge;

beforeAll(async () => {
  ground = stack.use(await edgeUnderTest());
  edge = await ground.start();
  behindHop = await ground.start({ trustedHops: ['127.0.0.0/8', '10.0.0.0/8'] });
});
afterAll(() => stack.disposeAsync());

const INVENTED = {
  'nightjar-facts': 'eyJlZGdlIjoieCJ9.AAAA',
  'x-forwarded-for': '198.51.100.7',
  'x-real-ip': '198.51.100.7',
  forwarded: 'for=198.51.100.7',
  'cf-connecting-ip': '198.51.100.7',
  'cf-ipcountry': 'DE',
  'cf-blob': '{"country":"DE","clientIp":"198.51.100.7:1"}',
  'true-client-ip': '198.51.100.7',
};
const TELLING = {
  cookie: 'a=b',
  referer: 'https://elsewhere.example/',
  'user-agent': 'Somebody/1.0',
  'accept-language': 'xx',
  'sec-ch-ua': '"X"',
};

const last = () => ground.upstreams.rooms.seen.at(-1);

beforeEach(async () => {
  await fetch(`${edge.urls.http}/v1/rooms`, { headers: { ...INVENTED, ...TELLING } });
});

test('a service gets none of the headers that say who a client is, and none that tell a browser from another', async () => {
  expect(last()?.path).toBe('/v1/rooms');
  const names = Object.keys(last()?.headers ?? {}).filter(
    (name) => !['host', 'content-length'].includes(name),
  );
  expect(names.sort()).toEqual(['accept', 'nightjar-facts']);
});

test('the address is that of the connection, whatever a client says', async () => {
  const facts = await ground.factsIn(last());
  expect(facts).toEqual({ edge: expect.stringMatching(/^edge_[0-9a-f-]{36}$/), address: '127.0.0.1' });
});

test('what a trusted hop says counts, and not what was said to it', async () => {
  for (const said of ['198.51.100.7, 192.0.2.5', '10.0.0.1, 192.0.2.5:4711, 10.77.0.3']) {
    await fetch(`${behindHop.urls.http}/v1/rooms`, { headers: { 'x-forwarded-for': said } });
    expect((await ground.factsIn(last()))?.address).toBe('192.0.2.5');
  }
});

test('what a request is about gets through', async () => {
  const headers = {
    authorization: 'Bearer x',
    'content-type': 'application/json',
    'idempotency-key': 'one',
    'if-match': '"3"',
    'nightjar-proof': 'proof',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const { payments } = ground.upstreams;
  const sent = { method: 'PUT', headers, body: '{"a":1}' };
  await fetch(`${edge.urls.http}/v1/wallets/w_1/purchases?x=%20y`, sent);
  expect(payments.seen.at(-1)).toMatchObject({
    method: 'PUT',
    path: '/v1/wallets/w_1/purchases?x=%20y',
    body: '{"a":1}',
    headers,
  });
});

test('where clients come from is for the test door alone to hear', async () => {
  const port = await freePort();
  await ground.start({ testListen: { host: '127.0.0.1', port } });
  await fetch(`http://127.0.0.1:${port}/v1/rooms`, { headers: { 'cf-blob': INVENTED['cf-blob'] } });
  expect(await ground.factsIn(last())).toMatchObject({ country: 'DE', address: '198.51.100.7' });
  expect(last()?.headers).not.toHaveProperty('cf-blob');
});
