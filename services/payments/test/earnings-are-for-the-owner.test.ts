import { expect, test } from '@jest/globals';
import { askOf } from './http.ts';
import { paymentsPlatform } from './payments-under-test.ts';
import { newViewer, tipRequest } from './viewer.ts';

test('the owner sees what a room earned; for anybody else there is no such room', async () => {
  await using platform = await paymentsPlatform();
  await using service = await platform.startPayments();
  const ask = askOf(service.urls.http);
  const { neighbours } = platform;
  const owner = 'bcst_11111111-1111-4111-8111-111111111111';
  const roomId = neighbours.addRoom(owner, 'lamp-abc123');
  const viewer = await newViewer(platform.ledger, 100n);
  await platform.rpc.tip(await tipRequest(viewer, platform.sealTo, { roomId, amount: 30n }));
  await platform.rpc.tip(
    await tipRequest(viewer, platform.sealTo, { roomId, amount: 20n, durationMs: 1_000 }),
  );
  const see = (room: string, token?: string) =>
    ask('GET', `/v1/rooms/${room}/earnings`, token ? { token } : {});
  const token = await neighbours.accessToken(owner);
  for (const name of [roomId, 'lamp-abc123']) {
    const { status, body } = await see(name, token);
    expect(status).toBe(200);
    expect(body).toEqual({ roomId, earned: '30', held: '20' });
  }
  const untipped = neighbours.addRoom(owner, 'new-abc123');
  expect((await see(untipped, token)).body).toEqual({ roomId: untipped, earned: '0', held: '0' });

  const unknown = await see('nobody-abc123', token);
  expect(unknown).toMatchObject({ status: 404, body: { code: 'room_not_found' } });
  const stranger = await neighbours.accessToken('bcst_22222222-2222-4222-8222-222222222222');
  const viewerToken = await neighbours.accessToken();
  for (const other of [stranger, viewerToken]) expect((await see(roomId, other)).text).toBe(unknown.text);

  expect(await see(roomId)).toMatchObject({ status: 401, body: { code: 'access_token_missing' } });
  const elsewhere = await neighbours.accessToken(owner, 'rooms');
  expect(await see(roomId, elsewhere)).toMatchObject({ status: 401, body: { code: 'access_token_invalid' } });
}, 60_000);
