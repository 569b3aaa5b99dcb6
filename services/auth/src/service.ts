import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { AuthService } from '@nightjar/contracts/gen/auth/v1/auth_pb';
import { AddressLimits } from '@nightjar/kit/address-limits';
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
import { buildHttp } from './http/app.ts';
import { MIGRATIONS } from './migrations.ts';
import { getJwks } from './rpc/get-jwks.ts';
import { KeyRing } from './signing/key-ring.ts';
import type { Tables } from './store/tables.ts';
import { startUpkeep } from './upkeep.ts';

const POSTGRES_CONNECTIONS_MAX = 10;

export interface RunningAuth extends AsyncDisposable {
  readonly urls: { readonly http: string; readonly internal: string };
}

/** Starts auth. Waits for its schema and for NATS; health is there from the beginning and names what is missing. */
export async function start(config: Config, overrides: Overrides = {}): Promise<RunningAuth> {
  await using stack = new AsyncDisposableStack();
  const log = overrides.log ?? createLog('auth', config.logLevel);
  const clock = overrides.clock ?? systemClock;
  const telemetry = stack.use(startTelemetry('auth', config.otlpUrl));
  const pool = openPool(config.postgresUrl, 'nightjar-auth', POSTGRES_CONNECTIONS_MAX, log);
  stack.defer(() => pool.end());
  const db = openDatabase<Tables>(pool);
  const schema = stack.use(watchSchema([{ pool, folder: MIGRATIONS }], log));
  const ring = new KeyRing(db, config.sealKeys, clock, log);
  let connected: NatsConnection | undefined;
  const internal = stack.use(
    await startInternal(config.internalListen, telemetry, {
      postgres: async () => (await pool.query('select 1')).rowCount === 1,
      schema: () => schema.there(),
      nats: async () => connected !== undefined && (await connected.rtt()) >= 0,
      signing_key: () => ring.ready,
    }),
  );
  const nats = await connectNats(config.natsUrl, 'nightjar-auth', log, { user: 'auth' });
  stack.defer(() => nats.close());
  connected = nats;
  await schema.arrived;
  const context: Context = {
    db,
    nats,
    clock,
    log,
    random: overrides.random ?? ((bytes) => randomBytes(bytes)),
    ring,
    pseudonymKey: config.pseudonymKey,
    challengeLimits: new AddressLimits(config.limit),
    signInLimits: new AddressLimits(config.limit),
  };
  stack.use(await startUpkeep(context));
  stack.use(serve(nats, AuthService, { getJwks: getJwks(context) }, log));
  // Whoever sees this pod ready must find it on the bus too.
  await nats.flush();
  const app = await buildHttp(context, config);
  stack.defer(() => app.close());
  const http = await app.listen({ host: config.httpListen.host, port: config.httpListen.port });
  stack.defer(() => internal.drain());
  internal.started();
  log.info('started');
  const running = stack.move();
  return {
    urls: { http, internal: internal.url },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
