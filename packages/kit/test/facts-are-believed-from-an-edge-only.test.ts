import { afterAll, expect, test } from '@jest/globals';
import { makeTestEdge } from '@nightjar/testkit/test-edge';
import { createHttp, type Http } from '../src/http.ts';
import { silentLog } from '../src/log.ts';

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

async function service(edgePublicKeys: string): Promise<Http> {
  const app = await createHttp({ service: 'test', log: silentLog, trustedHops: [], edgePublicKeys });
  stack.defer(() => app.close());
  app.get('/who', async ({ clientAddress, facts, headers }) => ({
    clientAddress,
    facts,
    header: headers['nightjar-facts'],
  }));
  app.get('/edge/v1/thing', async () => ({ inside: true }));
  return app;
}

const edge = makeTestEdge();
const said = { address: '192.0.2.9', country: 'DE' };

test('what a trusted edge says of a connection is what a service knows of it', async () => {
  const app = await service(edge.publicKeys);
  const answer = await app.inject({ url: '/who', headers: edge.facts(said) });
  expect(answer.json()).toEqual({ clientAddress: '192.0.2.9', facts: { ...said, edge: 'edge_test' } });
});

test('without the header a connection is what it is', async () => {
  const app = await service(edge.publicKeys);
  expect((await app.inject('/who')).json()).toEqual({ clientAddress: '127.0.0.1' });
});

const ago = makeTestEdge(() => Date.now() - 61_000);
const soon = makeTestEdge(() => Date.now() + 120_000);
const good = edge.facts(said)['nightjar-facts'];

test.each([
  ['by a key that is not trusted', makeTestEdge().publicKeys, good],
  ['long ago', ago.publicKeys, ago.facts(said)['nightjar-facts']],
  ['by a clock that runs ahead', soon.publicKeys, soon.facts(said)['nightjar-facts']],
  ['and changed since', edge.publicKeys, `${good.startsWith('f') ? 'g' : 'f'}${good.slice(1)}`],
  ['without a signature', edge.publicKeys, good.split('.')[0] ?? ''],
  ['at great length', edge.publicKeys, 'e'.repeat(10_000)],
  ['with nothing in it', edge.publicKeys, ''],
])('facts said %s are refused, and not passed over', async (_, keys, header) => {
  const app = await service(keys);
  const answer = await app.inject({ url: '/who', headers: { 'nightjar-facts': header } });
  expect(answer.statusCode).toBe(401);
  expect(answer.json()).toMatchObject({ code: 'facts_invalid' });
});

test('where there is no edge nobody is believed, and no handler sees the header', async () => {
  const app = await service('');
  const answer = await app.inject({ url: '/who', headers: edge.facts(said) });
  expect(answer.json()).toEqual({ clientAddress: '127.0.0.1' });
});

test('what is for the edge alone is there for the edge alone', async () => {
  const app = await service(edge.publicKeys);
  const url = '/edge/v1/thing';
  expect((await app.inject({ url, headers: edge.facts(said) })).json()).toEqual({ inside: true });
  const nothing = await app.inject('/edge/v1/nothing');
  for (const outsider of [await app.inject(url), await (await service('')).inject(url)]) {
    expect(outsider.statusCode).toBe(404);
    expect(outsider.body).toBe(nothing.body);
  }
});
