import { randomUUID } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { SealedSchema } from '@nightjar/contracts/gen/common/v1/sealed_pb';
import { EventsService } from '@nightjar/contracts/gen/events/v1/events_pb';
import { PaymentsService } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { factsOf } from '@nightjar/fence/connection';
import { openGeoip } from '@nightjar/fence/mmdb';
import { watchPolicies } from '@nightjar/fence/node/watch-policies';
import { accessChecker } from '@nightjar/kit/access-token';
import { AddressLimits } from '@nightjar/kit/address-limits';
import { systemClock } from '@nightjar/kit/clock';
import { startInternal } from '@nightjar/kit/internal';
import { createLog, type Log } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { connectRedis, connectRedisSubscriber } from '@nightjar/kit/redis';
import { client } from '@nightjar/kit/rpc-client';
import { serve } from '@nightjar/kit/rpc-server';
import { startTelemetry } from '@nightjar/kit/telemetry';
import { closeSender, openSender } from '@nightjar/sealed/node/opaque-sender';
import type { Config } from './config.ts';
import { followRoomEvents, makeConsumers } from './consumers/room-events.ts';
import type { Context } from './context.ts';
import type { OpenSender } from './domain/log-entry.ts';
import { buildHttp } from './http/app.ts';
import { FORGET_ADDRESSES_EVERY_MS, PERMIT_DECIDE_MS_MAX } from './limits.ts';
import { senderBytes } from './live/commands/tip.ts';
import { Dependencies } from './live/dependencies.ts';
import { drainSessions } from './live/drain.ts';
import { followEdges } from './live/edge-going.ts';
import { Hub } from './live/hub.ts';
import type { Session } from './live/session.ts';
import { Refill } from './log/refill.ts';
import { RoomLog } from './log/room-log.ts';
import { Tickets } from './log/tickets.ts';
import { createMetrics } from './metrics.ts';
import { eventsRpc } from './rpc/events-service.ts';

/** What the room sees of a tip whose sender was sealed with a key that is gone. */
const SENDER_UNKNOWN = 'pn_unknown';
const PROVISION_RETRY_MS = 500;

export interface RunningEvents extends AsyncDisposable {
  readonly urls: { readonly http: string; readonly internal: string };
}

/** Starts events. Waits for NATS; Redis may come later, and readiness says so until then. */
export async function start(
  config: Config,
  overrides: Partial<Pick<Context, 'log' | 'clock'>> = {},
): Promise<RunningEvents> {
  await using stack = new AsyncDisposableStack();
  const log = overrides.log ?? createLog('events', config.logLevel);
  const clock = overrides.clock ?? systemClock;
  const telemetry = stack.use(startTelemetry('events', config.otlpUrl));
  const geoip = await openGeoip(config.geoipFile);
  const redis = connectRedis(config.redisUrl, 'nightjar-events', log);
  stack.defer(() => redis.disconnect());
  const permits = connectRedis(config.redisUrl, 'nightjar-events-permits', log, PERMIT_DECIDE_MS_MAX);
  stack.defer(() => permits.disconnect());
  const subscriber = connectRedisSubscriber(config.redisUrl, 'nightjar-events-subscriber', log);
  stack.defer(() => subscriber.disconnect());
  const ready = { bus: false };
  const policies = { ready: () => false };
  const internal = stack.use(
    await startInternal(config.internalListen, telemetry, {
      bus: () => ready.bus,
      redis: async () => (await redis.ping()) === 'PONG',
      fence: () => policies.ready(),
    }),
  );
  const nc = await connectNats(config.natsUrl, 'nightjar-events', log, { user: 'events' });
  stack.defer(() => nc.close());
  const neighbours = {
    rooms: client(nc, 'events', RoomsService),
    payments: client(nc, 'events', PaymentsService),
  };
  const openTipSender: OpenSender = (sender, tip) => {
    try {
      const { scheme, keyId, bytes } = fromBinary(SealedSchema, sender);
      const sealed = { scheme, keyId, bytes: Buffer.from(bytes).toString('base64url') };
      return openSender(sealed, config.senders.ring, tip).pseudonym;
    } catch (error) {
      log.warn('sender_unreadable', { error });
      return SENDER_UNKNOWN;
    }
  };
  const roomLog = new RoomLog(redis);
  redis.on(
    'ready',
    () => void roomLog.provision().catch((error) => log.warn('redis_functions_failed', { error })),
  );
  const refill = new Refill({ log: roomLog, neighbours, openSender: openTipSender, now: clock.wall });
  const hub = stack.use(new Hub({ subscriber, pod: randomUUID(), log: roomLog, refill, logger: log }));
  const fence = stack.use(await watchPolicies(nc, config.fencePublicKeys, log));
  policies.ready = () => fence.ready();
  const sessions = new Set<Session>();
  const ticketLimits = new AddressLimits({ perSecond: config.ticketsPerSecond, burst: config.ticketsBurst });
  const forgetting = setInterval(() => ticketLimits.forget(clock.mono()), FORGET_ADDRESSES_EVERY_MS);
  stack.defer(() => clearInterval(forgetting));
  const metrics = createMetrics(() => sessions.size);
  const context: Context = {
    log,
    metrics,
    clock,
    neighbours,
    access: accessChecker(nc, 'events'),
    fence: { allows: (roomId, facts) => fence.decide(roomId, facts) === 'allowed' },
    factsOf: (connection) => factsOf(connection, geoip),
    roomLog,
    permits: new RoomLog(permits),
    tickets: new Tickets(redis),
    ticketLimits,
    hub,
    edges: stack.use(followEdges(nc, sessions)),
    dependencies: stack.use(new Dependencies(nc, clock)),
    openSender: openTipSender,
    closeSender: (pseudonym, tip) => senderBytes(closeSender(config.senders.current, { pseudonym }, tip)),
    drain: { going: false, permitsEnded: false },
  };
  stack.use(serve(nc, EventsService, eventsRpc(context), log));
  // Whoever sees this pod ready must find it on the bus too.
  await nc.flush();
  fence.onChange((roomId) => {
    for (const session of sessions) if (session.roomId === roomId) session.checkFence();
  });
  const app = await buildHttp(context, config, sessions);
  stack.defer(() => app.close());
  const http = await app.listen({ host: config.httpListen.host, port: config.httpListen.port });
  stack.use(startFollowing({ nc, roomLog, refill, openSender: openTipSender, log, metrics }, ready));
  stack.defer(async () => {
    internal.drain();
    await drainSessions(context, sessions);
  });
  internal.started();
  log.info('started');
  const running = stack.move();
  return {
    urls: { http, internal: internal.url },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Makes the consumers, as soon as the stream is there, and then follows them. */
function startFollowing(
  deps: Parameters<typeof followRoomEvents>[0] & { log: Log },
  ready: { bus: boolean },
): AsyncDisposable {
  const stopping = new AbortController();
  let following: AsyncDisposable | undefined;
  const started = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await makeConsumers(deps.nc);
        if (stopping.signal.aborted) return;
        following = followRoomEvents(deps);
        ready.bus = true;
        return;
      } catch (error) {
        deps.log.warn('jetstream_waits', { error });
        await new Promise((resolve) => setTimeout(resolve, PROVISION_RETRY_MS));
      }
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await started;
      await following?.[Symbol.asyncDispose]();
    },
  };
}
