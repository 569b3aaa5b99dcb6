import type { NatsConnection } from '@nats-io/transport-node';
import { GeofenceService } from '@nightjar/contracts/gen/geofence/v1/geofence_pb';
import { parsePolicySigner, publicLineOf } from '@nightjar/fence/node/policy-keys';
import { parsePolicyKeyRing } from '@nightjar/fence/policy-key-ring';
import { accessChecker } from '@nightjar/kit/access-token';
import { systemClock } from '@nightjar/kit/clock';
import { startInternal } from '@nightjar/kit/internal';
import { createLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import { serve } from '@nightjar/kit/rpc-server';
import { watchSchema } from '@nightjar/kit/schema';
import { startTelemetry } from '@nightjar/kit/telemetry';
import type { Config } from './config.ts';
import type { Context, Overrides } from './context.ts';
import { Changes } from './domain/changes.ts';
import { buildHttp } from './http/app.ts';
import { MIGRATIONS } from './migrations.ts';
import { Publisher } from './publish/publisher.ts';
import { startReconciler } from './publish/reconciler.ts';
import { createFence } from './rpc/create-fence.ts';
import type { Tables } from './store/tables.ts';

const POSTGRES_CONNECTIONS_MAX = 24;

export interface RunningGeofence extends AsyncDisposable {
  readonly urls: { readonly http: string; readonly internal: string };
}

/** Starts geofence. Waits for its schema and for NATS; the bucket may come later, and readiness says so until then. */
export async function start(config: Config, overrides: Overrides = {}): Promise<RunningGeofence> {
  const signer = parsePolicySigner(config.fenceKey);
  const keys = parsePolicyKeyRing(publicLineOf(config.fenceKey));
  await using stack = new AsyncDisposableStack();
  const log = overrides.log ?? createLog('geofence', config.logLevel);
  const clock = overrides.clock ?? systemClock;
  const telemetry = stack.use(startTelemetry('geofence', config.otlpUrl));
  const pool = openPool(config.postgresUrl, 'nightjar-geofence', POSTGRES_CONNECTIONS_MAX, log);
  stack.defer(() => pool.end());
  const db = openDatabase<Tables>(pool);
  const schema = stack.use(watchSchema([{ pool, folder: MIGRATIONS }], log));
  const ready = { policies: () => false };
  let connected: NatsConnection | undefined;
  const internal = stack.use(
    await startInternal(config.internalListen, telemetry, {
      postgres: async () => (await pool.query('select 1')).rowCount === 1,
      schema: () => schema.there(),
      nats: async () => connected !== undefined && (await connected.rtt()) >= 0,
      policies: () => ready.policies(),
    }),
  );
  const nats = await connectNats(config.natsUrl, 'nightjar-geofence', log, { user: 'geofence' });
  stack.defer(() => nats.close());
  connected = nats;
  await schema.arrived;
  const publisher = new Publisher(nats, signer, keys);
  const reconciler = stack.use(
    startReconciler({ db, nats, publisher, keys, copies: config.streamCopies, clock, log }),
  );
  ready.policies = () => reconciler.ready();
  const context: Context = {
    db,
    access: accessChecker(nats, 'geofence'),
    publisher,
    reconciler,
    changes: new Changes(),
    clock,
    log,
  };
  stack.use(serve(nats, GeofenceService, { createFence: createFence(context) }, log));
  // Whoever sees this pod ready must find it on the bus too.
  await nats.flush();
  const app = await buildHttp(context, config);
  stack.defer(() => app.close());
  const http = await app.listen({ host: config.httpListen.host, port: config.httpListen.port });
  stack.defer(() => internal.drain());
  internal.started();
  log.info('started');
  const running = stack.move();
  return { urls: { http, internal: internal.url }, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
