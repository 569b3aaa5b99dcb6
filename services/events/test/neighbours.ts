import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { AuthService } from '@nightjar/contracts/gen/auth/v1/auth_pb';
import {
  PaymentsService,
  type RoomEvent,
  RoomEventSchema,
  TipResult,
} from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { RoomsService, ShowMode } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { eventSubject, FENCE_BUCKET, partitionOf } from '@nightjar/contracts/subjects';
import { compile } from '@nightjar/fence/compile';
import { makePolicyKeys, parsePolicySigner } from '@nightjar/fence/node/policy-keys';
import { type Fence, OPEN_FENCE } from '@nightjar/fence/rules';
import { signPolicy } from '@nightjar/fence/sign';
import { silentLog } from '@nightjar/kit/log';
import { Problem } from '@nightjar/kit/problem';
import { serve } from '@nightjar/kit/rpc-server';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const MENU_ITEM = {
  itemId: 'buzz',
  name: 'Buzz',
  price: 25n,
  effect: { output: 1, durationMs: 1_000, points: [{ atMs: 0, level: 500 }] },
};

/** What auth, rooms, payments and geofence do towards events, over the same NATS; their own tests show that they do. */
export async function startNeighbours(nc: NatsConnection) {
  await using stack = new AsyncDisposableStack();
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const jwksJson = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA' }] });
  const fenceKeys = makePolicyKeys(Date.now());
  const signer = parsePolicySigner(fenceKeys.privateFile);
  const kv = await new Kvm(nc).create(FENCE_BUCKET);
  const owners = new Map<string, string>();
  const ledger = new Map<string, RoomEvent[]>();
  const tips = {
    asked: [] as string[],
    publish: true,
    keptAfter: 0n,
    lists: 0,
    heldBack: [] as (() => Promise<unknown>)[],
    holdBack: false,
  };
  const versions = new Map<string, number>();

  const happened = async (roomId: string, body: RoomEvent['body']) => {
    const events = ledger.get(roomId) ?? [];
    ledger.set(roomId, events);
    const seq = BigInt(events.length + 1);
    const event = create(RoomEventSchema, { roomId, seq, at: timestampNow(), body });
    events.push(event);
    if (!tips.publish) return seq;
    const name = body.case === 'tipAccepted' ? 'tip_accepted' : 'tip_settled';
    const bytes = toBinary(RoomEventSchema, event);
    const publish = () => jetstream(nc).publish(eventSubject('payments', name, partitionOf(roomId)), bytes);
    if (tips.holdBack) tips.heldBack.push(publish);
    else await publish();
    return seq;
  };

  stack.use(serve(nc, AuthService, { getJwks: async () => ({ jwksJson }) }, silentLog));
  stack.use(
    serve(
      nc,
      RoomsService,
      {
        async admit({ roomId, role, broadcasterId }) {
          const owner = owners.get(roomId);
          if (!owner || (role > 2 && broadcasterId !== owner))
            throw new Problem('not_found', 'room_not_found', 'There is no such room.');
          return { role };
        },
        async getRoom({ roomId }) {
          return {
            roomId,
            broadcasterId: owners.get(roomId) ?? '',
            menu: { version: 1, items: [MENU_ITEM] },
            show: { showId: 'show_1', mode: ShowMode.PUBLIC, startedAt: timestampNow() },
            seq: 2n,
          };
        },
        listRoomEvents: async () => ({ events: [] }),
      },
      silentLog,
    ),
  );
  stack.use(
    serve(
      nc,
      PaymentsService,
      {
        async tip({ tipId, roomId, amount, item, sender }) {
          tips.asked.push(tipId);
          const tip = { tipId, amount, sender, held: item !== undefined, ...(item ? { item } : {}) };
          const seq = await happened(roomId, { case: 'tipAccepted', value: tip as never });
          return { seq, held: item !== undefined };
        },
        async settle({ tipId, roomId }) {
          const settled = { tipId, result: TipResult.RAN, settled: 25n, returned: 0n, ranMs: 1_000 };
          await happened(roomId, { case: 'tipSettled', value: settled as never });
          return {};
        },
        async listRoomEvents({ roomId, afterSeq }) {
          tips.lists += 1;
          if (afterSeq !== undefined && afterSeq < tips.keptAfter)
            throw new Problem('not_found', 'room_events_gone', 'Events that old are no longer kept.');
          const from = afterSeq ?? tips.keptAfter;
          return { events: (ledger.get(roomId) ?? []).filter(({ seq }) => seq > from) };
        },
      },
      silentLog,
    ),
  );
  const owned = stack.move();
  return {
    fencePublicKeys: fenceKeys.publicFile,
    tips,
    async newRoom(): Promise<{ roomId: string; broadcasterId: string }> {
      const room = { roomId: `room_${randomUUID()}`, broadcasterId: `bcst_${randomUUID()}` };
      owners.set(room.roomId, room.broadcasterId);
      await this.fence(room.roomId, OPEN_FENCE);
      return room;
    },
    async fence(roomId: string, fence: Fence): Promise<void> {
      const version = (versions.get(roomId) ?? 0) + 1;
      versions.set(roomId, version);
      await kv.put(roomId, await signPolicy(compile(fence, { roomId, version }), signer));
    },
    accessToken: (roomId: string, broadcaster?: string, subject = `pn_${randomUUID()}`) =>
      new SignJWT(broadcaster ? { broadcaster } : {})
        .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
        .setIssuer('nightjar')
        .setAudience(`room:${roomId}`)
        .setSubject(subject)
        .setExpirationTime('10m')
        .sign(privateKey),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
