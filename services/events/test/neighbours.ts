import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs, timestampNow } from '@bufbuild/protobuf/wkt';
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
import {
  type Goal,
  type RoomEvent as RoomsEvent,
  RoomEventSchema as RoomsEventSchema,
  RoomsService,
  Sanction,
  ShowMode,
  type ViewerSanctioned,
} from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { eventSubject, FENCE_BUCKET, partitionOf } from '@nightjar/contracts/subjects';
import { compile } from '@nightjar/fence/compile';
import { makePolicyKeys, parsePolicySigner } from '@nightjar/fence/node/policy-keys';
import { type Fence, OPEN_FENCE } from '@nightjar/fence/rules';
import { signPolicy } from '@nightjar/fence/sign';
import { silentLog } from '@nightjar/kit/log';
import { Problem } from '@nightjar/kit/problem';
import { serve } from '@nightjar/kit/rpc-server';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const SHOW = { showId: 'show_1', mode: ShowMode.PUBLIC };
export const MENU_ITEM = {
  itemId: 'buzz',
  name: 'Buzz',
  price: 25n,
  effect: { output: 1, durationMs: 1_000, points: [{ atMs: 0, level: 500 }] },
};

const EVENT_NAMES = {
  showStarted: 'show_started',
  showEnded: 'show_ended',
  menuChanged: 'menu_changed',
  faceChanged: 'face_changed',
  goalSet: 'goal_set',
  goalCleared: 'goal_cleared',
  viewerSanctioned: 'viewer_sanctioned',
} as const;

/** A room as rooms has it: what happened to it, and what is in force. */
interface RoomOfRooms {
  readonly broadcasterId: string;
  readonly events: RoomsEvent[];
  live: boolean;
  goal: Goal | undefined;
  readonly sanctions: Map<string, ViewerSanctioned>;
}

/** Events that rooms had before these tests began. */
const ROOMS_SEQ = 2n;

/** What auth, rooms, payments and geofence do towards events, over the same NATS; their own tests show that they do. */
export async function startNeighbours(nc: NatsConnection) {
  await using stack = new AsyncDisposableStack();
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const jwksJson = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA' }] });
  const fenceKeys = makePolicyKeys(Date.now());
  const signer = parsePolicySigner(fenceKeys.privateFile);
  const kv = await new Kvm(nc).create(FENCE_BUCKET);
  const rooms = new Map<string, RoomOfRooms>();
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

  const settled = (roomId: string, tipId: string, tokens: bigint, returned: bigint) => {
    const value = { tipId, result: TipResult.RAN, settled: tokens, returned, ranMs: 1_000 };
    return happened(roomId, { case: 'tipSettled', value: value as never });
  };

  const decided = async (roomId: string, body: RoomsEvent['body']) => {
    const room = rooms.get(roomId);
    if (!room) throw new RangeError('no such room');
    const seq = ROOMS_SEQ + BigInt(room.events.length + 1);
    const event = create(RoomsEventSchema, { roomId, seq, at: timestampNow(), body });
    room.events.push(event);
    const subject = eventSubject(
      'rooms',
      body.case ? EVENT_NAMES[body.case] : 'of_a_later_version',
      partitionOf(roomId),
    );
    await jetstream(nc).publish(subject, toBinary(RoomsEventSchema, event));
  };

  stack.use(serve(nc, AuthService, { getJwks: async () => ({ jwksJson }) }, silentLog));
  stack.use(
    serve(
      nc,
      RoomsService,
      {
        async admit({ roomId, role, broadcasterId }) {
          const room = rooms.get(roomId);
          if (!room || (role > 2 && broadcasterId !== room.broadcasterId))
            throw new Problem('not_found', 'room_not_found', 'There is no such room.');
          return { role };
        },
        async getRoom({ roomId }) {
          const room = rooms.get(roomId);
          return {
            roomId,
            broadcasterId: room?.broadcasterId ?? '',
            menu: { version: 1, items: [MENU_ITEM] },
            face: { title: 'A room', tags: ['quiet'] },
            ...(room?.live ? { show: { ...SHOW, startedAt: timestampNow() } } : {}),
            ...(room?.goal ? { goal: room.goal } : {}),
            sanctions: [...(room?.sanctions.values() ?? [])],
            seq: ROOMS_SEQ + BigInt(room?.events.length ?? 0),
          };
        },
        async listRoomEvents({ roomId, afterSeq = 0n }) {
          return { events: (rooms.get(roomId)?.events ?? []).filter(({ seq }) => seq > afterSeq) };
        },
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
          const held = item?.effect !== undefined;
          const tip = { tipId, amount, sender, held, ...(item ? { item } : {}) };
          const seq = await happened(roomId, { case: 'tipAccepted', value: tip as never });
          return { seq, held };
        },
        async settle({ tipId, roomId }) {
          await settled(roomId, tipId, 25n, 0n);
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
      rooms.set(room.roomId, {
        broadcasterId: room.broadcasterId,
        events: [],
        live: true,
        goal: undefined,
        sanctions: new Map(),
      });
      await this.fence(room.roomId, OPEN_FENCE);
      return room;
    },
    /** The show begins or ends, and with it go the removals. */
    async show(roomId: string, live: boolean): Promise<void> {
      const room = rooms.get(roomId);
      if (!room) return;
      room.live = live;
      for (const [who, { sanction }] of room.sanctions)
        if (sanction === Sanction.REMOVED) room.sanctions.delete(who);
      if (live) await decided(roomId, { case: 'showStarted', value: SHOW as never });
      else await decided(roomId, { case: 'showEnded', value: { showId: SHOW.showId } as never });
    },
    async sanction(roomId: string, pseudonym: string, sanction: Sanction, untilMs?: number): Promise<void> {
      const until = untilMs === undefined ? {} : { until: timestampFromMs(untilMs) };
      const value = { pseudonym, sanction, ...until } as ViewerSanctioned;
      if (sanction === Sanction.LIFTED) rooms.get(roomId)?.sanctions.delete(pseudonym);
      else rooms.get(roomId)?.sanctions.set(pseudonym, value);
      await decided(roomId, { case: 'viewerSanctioned', value });
    },
    async goal(roomId: string, goal: { goalId: string; title: string; amount: bigint } | undefined) {
      const room = rooms.get(roomId);
      const before = room?.goal;
      if (room) room.goal = goal ? ({ ...goal, setAt: timestampNow() } as Goal) : undefined;
      if (room?.goal) await decided(roomId, { case: 'goalSet', value: room.goal });
      else if (before) await decided(roomId, { case: 'goalCleared', value: before as never });
    },
    async face(roomId: string, title: string, tags: string[]): Promise<void> {
      await decided(roomId, { case: 'faceChanged', value: { title, tags } as never });
    },
    settled,
    /** Something happens that this version of events knows nothing of. */
    unheardOf: (roomId: string) => decided(roomId, { case: undefined }),
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
