import { randomBytes } from 'node:crypto';
import { EventsService } from '@nightjar/contracts/gen/events/v1/events_pb';
import { GeofenceService } from '@nightjar/contracts/gen/geofence/v1/geofence_pb';
import { RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { openGeoip } from '@nightjar/fence/mmdb';
import { watchPolicies } from '@nightjar/fence/node/watch-policies';
import { accessChecker } from '@nightjar/kit/access-token';
import { systemClock } from '@nightjar/kit/clock';
import { startInternal } from '@nightjar/kit/internal';
import { createLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { provisionRoomEvents } from '@nightjar/kit/nats-provision';
import { startOutboxRelay } from '@nightjar/kit/outbox';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import { client } from '@nightjar/kit/rpc-client';
import { serve } from '@nightjar/kit/rpc-server';
import { watchSchema } from '@nightjar/kit/schema';
import { startTelemetry } from '@nightjar/kit/telemetry';
import { WebhookReceiver } from 'livekit-server-sdk';
import { startCleaner } from './cleaner.ts';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { fenceBy } from './fence.ts';
import { buildHttp } from './http/app.ts';
import { POSTGRES_CONNECTIONS_MAX } from './limits.ts';
import { mediaServer } from './media/media-server.ts';
import { startRemovals } from './media/removals.ts';
import { signGrant } from './media/sign-grant.ts';
import { grantVerifier } from './media/verify-grant.ts';
import { MIGRATIONS } from './migrations.ts';
import { startReconciler } from './reconciler/reconciler.ts';
import { sweep } from './reconciler/sweep.ts';
import { untilDone } from './retry.ts';
import { rpcHandlers } from './rpc/handlers.ts';
import { identitiesOf } from './store/media-grants.ts';
import { takeTurn } from './store/sweeps.ts';
import type { Tables } from './store/tables.ts';

const SERVICE = 'rooms';

export interface Rooms extends AsyncDisposable {
  readonly urls: { readonly http: string; readonly internal: string };
}

/** Starts the service and answers once it serves. Waits for its schema and for NATS; health is there from the beginning and names what is missing. */
export async function start(config: Config, overrides: Partial<Context> = {}): Promise<Rooms> {
  await using starting = new AsyncDisposableStack();
  const log = overrides.log ?? createLog(SERVICE, config.logLevel);
  const telemetry = starting.use(startTelemetry(SERVICE, config.otlpUrl));

  const pool = openPool(config.postgresUrl, SERVICE, POSTGRES_CONNECTIONS_MAX, log);
  const db = openDatabase<Tables>(pool);
  starting.defer(() => db.destroy());
  const schema = starting.use(watchSchema([{ pool, folder: MIGRATIONS }], log));

  const ready = { nats: async () => false, fence: () => false };
  const internal = starting.use(
    await startInternal(config.internalListen, telemetry, {
      postgres: async () => (await pool.query('select 1')).rowCount === 1,
      schema: () => schema.there(),
      nats: () => ready.nats(),
      fence: () => ready.fence(),
    }),
  );

  const nc = await connectNats(config.natsUrl, SERVICE, log, { user: SERVICE });
  starting.defer(() => nc.close());
  ready.nats = () => nc.flush().then(() => true);
  await schema.arrived;
  await untilDone(() => provisionRoomEvents(nc, config.streamCopies), 'nats_not_provisioned', log);

  const policies = starting.use(await watchPolicies(nc, config.fencePublicKeys, log));
  ready.fence = () => policies.ready();
  const geoip = await openGeoip(config.geoipFile);

  const relay = starting.use(startOutboxRelay({ pool, nc, source: SERVICE, log }));
  const livekit = { url: config.livekitUrl, key: config.livekitKey, secret: config.livekitSecret };
  const media = mediaServer(livekit);
  const reconciler = starting.use(
    startReconciler({ sweep: (changed) => sweep(db, media, changed), myTurn: () => takeTurn(db), log }),
  );
  const removals = starting.use(
    startRemovals({
      media,
      identitiesOf: (roomId, pseudonym) => identitiesOf(db, roomId, pseudonym),
      hint: () => reconciler.hint(),
      clock: systemClock,
      log,
    }),
  );
  starting.use(startCleaner(db, log));

  const webhooks = new WebhookReceiver(livekit.key, livekit.secret);
  const context: Context = {
    db,
    access: accessChecker(nc, SERVICE),
    events: client(nc, SERVICE, EventsService),
    geofence: client(nc, SERVICE, GeofenceService),
    fence: fenceBy(policies, geoip),
    media: {
      publicUrl: config.livekitPublicUrl,
      sign: (grant) => signGrant(livekit, grant),
      holderOf: grantVerifier(livekit),
      async openWebhook(body, authorization) {
        const { event, room } = await webhooks.receive(body, authorization);
        return { event, room: room?.name ?? '' };
      },
    },
    outbox: relay,
    removals,
    reconciler,
    clock: systemClock,
    random: (bytes) => randomBytes(bytes),
    log,
    ...overrides,
  };

  starting.use(serve(nc, RoomsService, rpcHandlers(context), log));
  // Whoever sees this pod ready must find it on the bus too.
  await nc.flush();
  const app = await buildHttp(context, config);
  starting.defer(() => app.close());
  const http = await app.listen({ host: config.httpListen.host, port: config.httpListen.port });
  log.info('serving', { listen: http });

  const running = starting.move();
  running.defer(() => internal.drain());
  internal.started();
  return {
    urls: { http, internal: internal.url },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
