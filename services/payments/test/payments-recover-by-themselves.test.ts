import { expect, test } from '@jest/globals';
import { eventually } from '@nightjar/testkit/eventually';
import { testPostgres } from '@nightjar/testkit/test-servers';
import { checkInvariants } from '../src/store/invariants.ts';
import { askOf, newIdempotencyKey } from './http.ts';
import { paymentsPlatform } from './payments-under-test.ts';
import { newRoomId, newViewer, tipRequest } from './viewer.ts';

async function readiness(url: string) {
  const response = await fetch(`${url}/health/ready`);
  return { status: response.status, ...((await response.json()) as { missing?: string[] }) };
}

test('without PostgreSQL it says so by a code and in its readiness, and goes on when it is back', async () => {
  await using server = await testPostgres();
  await using platform = await paymentsPlatform(server);
  await using service = await platform.startPayments();
  const ask = askOf(service.urls.http);
  const viewer = await newViewer(platform.ledger, 100n);
  const request = await tipRequest(viewer, platform.sealTo, { roomId: newRoomId(), amount: 10n });
  expect(await readiness(service.urls.internal)).toMatchObject({ status: 200, missing: [] });
  const path = `/v1/wallets/${viewer.walletId}`;
  expect((await ask('GET', path, { keys: viewer.keys })).status).toBe(200);

  await server.kill();
  await expect(platform.rpc.tip(request)).rejects.toMatchObject({ code: 'unavailable', retry: true });
  expect(await ask('GET', path, { keys: viewer.keys })).toMatchObject({
    status: 503,
    body: { code: 'unavailable', retry: true },
  });
  expect(await readiness(service.urls.internal)).toMatchObject({
    status: 503,
    missing: ['ledger', 'billing'],
  });

  await server.restart();
  await eventually(async () => expect((await readiness(service.urls.internal)).status).toBe(200));
  expect(await platform.rpc.tip(request)).toMatchObject({ seq: 1n, held: false });
  const bought = await ask('POST', `${path}/purchases`, {
    keys: viewer.keys,
    idempotencyKey: newIdempotencyKey(),
    body: { gateway: 'play', amount: '5' },
  });
  expect(bought.body.state).toBe('credited');
  expect((await ask('GET', path, { keys: viewer.keys })).body).toMatchObject({ available: '95', held: '0' });
  expect(await checkInvariants(platform.ledger)).toEqual([]);
}, 60_000);

test('without NATS its REST side goes on, and the RPC comes back with it', async () => {
  await using platform = await paymentsPlatform();
  await using service = await platform.startPayments();
  const ask = askOf(service.urls.http);
  const viewer = await newViewer(platform.ledger, 100n);
  await platform.natsServer.kill();
  await eventually(async () =>
    expect(await readiness(service.urls.internal)).toMatchObject({ status: 503, missing: ['nats'] }),
  );
  const balance = await ask('GET', `/v1/wallets/${viewer.walletId}`, { keys: viewer.keys });
  expect(balance.body).toMatchObject({ available: '100' });
  await platform.natsServer.restart();
  await eventually(async () => expect((await readiness(service.urls.internal)).status).toBe(200));
  const request = await tipRequest(viewer, platform.sealTo, { roomId: newRoomId(), amount: 10n });
  await eventually(async () => expect(await platform.rpc.tip(request)).toMatchObject({ seq: 1n }));
}, 60_000);
