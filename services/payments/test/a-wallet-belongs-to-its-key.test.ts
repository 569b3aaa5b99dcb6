import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateSigningKeyPair } from '@nightjar/sealed/keys';
import { makeProof } from '@nightjar/sealed/request-proof';
import { outcome } from './bridge.ts';
import { askOf } from './http.ts';
import { type PaymentsPlatform, paymentsPlatform } from './payments-under-test.ts';
import { newRoomId, newTipId, newViewer, tipRequest } from './viewer.ts';

let stack: AsyncDisposableStack;
let platform: PaymentsPlatform;
let ask: ReturnType<typeof askOf>;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  platform = stack.use(await paymentsPlatform());
  const service = stack.use(await platform.startPayments());
  ask = askOf(service.urls.http);
}, 60_000);
afterAll(() => stack.disposeAsync());

const newKeys = () => generateSigningKeyPair({ extractable: false });

test('the same key answers the same wallet, at the same moment too, and another key another one', async () => {
  const keys = await newKeys();
  const opened = await Promise.all(Array.from({ length: 20 }, () => ask('POST', '/v1/wallets', { keys })));
  expect(new Set(opened.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  const { walletId } = opened[0]?.body ?? {};
  expect(walletId).toMatch(/^wallet_[0-9a-f-]{36}$/);
  const other = await ask('POST', '/v1/wallets', { keys: await newKeys() });
  expect(other.body.walletId).not.toBe(walletId);
  const balance = await ask('GET', `/v1/wallets/${walletId}`, { keys });
  expect(balance.status).toBe(200);
  expect(balance.body).toEqual({ walletId, available: '0', held: '0' });
  expect(balance.headers.get('cache-control')).toBe('no-store');
});

test('an address that opens too many wallets gets 429 while another goes on', async () => {
  await using service = await platform.startPayments({ walletsPerSecond: 1, walletsBurst: 3 });
  const open = askOf(service.urls.http);
  const from = async (address: string) =>
    open('POST', '/v1/wallets', { keys: await newKeys(), from: address });
  const statuses = [];
  for (let i = 0; i < 5; i++) statuses.push((await from('203.0.113.77')).status);
  expect(statuses.slice(0, 3)).toEqual([200, 200, 200]);
  expect(statuses[4]).toBe(429);
  expect(await from('203.0.113.77')).toMatchObject({ body: { code: 'too_many_requests', retry: true } });
  expect((await from('203.0.113.78')).status).toBe(200);
});

test('no other key sees a wallet, and no wallet looks like one of another`s', async () => {
  const { walletId } = await newViewer(platform.ledger, 5n);
  const keys = await newKeys();
  const others = await ask('GET', `/v1/wallets/${walletId}`, { keys });
  const nobodys = await ask('GET', '/v1/wallets/wallet_00000000-0000-4000-8000-000000000000', { keys });
  expect(others.status).toBe(404);
  expect(others.body).toMatchObject({ code: 'wallet_unknown', type: 'urn:nightjar:problem:wallet_unknown' });
  expect(others.text).toBe(nobodys.text);
});

test('a proof is for one request of one minute', async () => {
  const { walletId, keys } = await newViewer(platform.ledger, 5n);
  const path = `/v1/wallets/${walletId}`;
  const request = { method: 'GET', path, body: new Uint8Array() };
  const elsewhere = await makeProof(keys, { ...request, path: '/v1/wallets' }, { now: Date.now() });
  const otherMethod = await makeProof(keys, { ...request, method: 'POST' }, { now: Date.now() });
  expect((await ask('GET', path)).body.code).toBe('proof_missing');
  for (const proof of [elsewhere, otherMethod, 'nonsense', `${elsewhere}.x`])
    expect(await ask('GET', path, { proof })).toMatchObject({ status: 401, body: { code: 'proof_invalid' } });
  for (const at of [Date.now() - 70_000, Date.now() + 60_000])
    expect(await ask('GET', path, { keys, at })).toMatchObject({
      status: 401,
      body: { code: 'proof_stale' },
    });
  const buying = { gateway: 'play', amount: '5' };
  const text = new TextEncoder().encode(JSON.stringify(buying));
  const proof = await makeProof(
    keys,
    { method: 'POST', path: `${path}/purchases`, body: text },
    { now: Date.now() },
  );
  const bent = { proof, idempotencyKey: 'k'.repeat(20), body: { ...buying, amount: '6' } };
  expect((await ask('POST', `${path}/purchases`, bent)).body.code).toBe('proof_invalid');
});

test('a wallet sees what became of its own tips, and of no others', async () => {
  const viewer = await newViewer(platform.ledger, 100n);
  const roomId = newRoomId();
  const [held, partly, paid] = [newTipId(), newTipId(), newTipId()];
  const send = async (tipId: string, durationMs?: number) =>
    platform.rpc.tip(
      await tipRequest(viewer, platform.sealTo, {
        roomId,
        tipId,
        amount: 10n,
        ...(durationMs ? { durationMs } : {}),
      }),
    );
  await send(held, 3_000);
  await send(partly, 3_000);
  await send(paid);
  await platform.rpc.settle({
    tipId: partly,
    roomId,
    outcome: await outcome(partly, roomId, 'partly', 3_000, 1_000),
  });
  const see = async (tipId: string, keys = viewer.keys, walletId = viewer.walletId) =>
    ask('GET', `/v1/wallets/${walletId}/tips/${tipId}`, { keys });
  expect((await see(held)).body).toMatchObject({
    tipId: held,
    roomId,
    amount: '10',
    state: 'held',
    settled: '0',
    returned: '0',
    ranMs: 0,
    startBy: expect.stringMatching(/Z$/),
    expiresAt: expect.stringMatching(/Z$/),
  });
  expect((await see(held)).body.result).toBeUndefined();
  expect((await see(partly)).body).toMatchObject({
    state: 'settled',
    result: 'partly',
    settled: '3',
    returned: '7',
    ranMs: 1_000,
  });
  expect((await see(paid)).body).toMatchObject({ state: 'settled', result: 'paid', settled: '10' });
  const other = await newViewer(platform.ledger, 0n);
  expect(await see(held, other.keys, other.walletId)).toMatchObject({
    status: 404,
    body: { code: 'tip_not_found' },
  });
  const balance = await ask('GET', `/v1/wallets/${viewer.walletId}`, { keys: viewer.keys });
  expect(balance.body).toMatchObject({ available: '77', held: '10' });
});

test('anybody gets the keys to seal to, the current one first', async () => {
  const { status, body, headers } = await ask('GET', '/v1/payments/keys');
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('public, max-age=60');
  expect(body).toMatchObject({
    scheme: 'nightjar-tip-order-v1',
    keys: [{ ...platform.sealTo, use: 'current' }, { use: 'next' }],
  });
  expect(JSON.stringify(body)).not.toContain('private');
});
