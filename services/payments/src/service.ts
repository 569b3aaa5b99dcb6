import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { PaymentsService } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { accessChecker } from '@nightjar/kit/access-token';
import { AddressLimits } from '@nightjar/kit/address-limits';
import { systemClock } from '@nightjar/kit/clock';
import { randomId } from '@nightjar/kit/ids';
import { startInternal } from '@nightjar/kit/internal';
import { createLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { startOutboxRelay } from '@nightjar/kit/outbox';
import { openPool, type PoolOptions } from '@nightjar/kit/postgres';
import { client } from '@nightjar/kit/rpc-client';
import { serve } from '@nightjar/kit/rpc-server';
import { watchSchema } from '@nightjar/kit/schema';
import { startTelemetry } from '@nightjar/kit/telemetry';
import type { Config } from './config.ts';
import type { Context, Overrides } from './context.ts';
import { playGateway } from './gateways/play.ts';
import { HeldTips } from './held-tips.ts';
import { buildHttp } from './http/app.ts';
import { BILLING_CONNECTIONS_MAX, LEDGER_CONNECTIONS_MAX, RELAY_CONNECTIONS_MAX } from './limits.ts';
import { MIGRATIONS } from './migrations.ts';
import { keepProvisioned } from './provision.ts';
import { listRoomEvents } from './rpc/list-room-events.ts';
import { settle } from './rpc/settle.ts';
import { tip } from './rpc/tip.ts';
import { WalletKeys } from './store/wallet-keys.ts';
import { tipLane, warmTips } from './tip-lane.ts';
import { startUpkeep } from './upkeep.ts';

export interface RunningPayments extends AsyncDisposable {
  readonly urls: { readonly http: string; readonly internal: string };
}

const PLAY_KEY_BYTES = 32;

/** Starts payments. Waits for its schemas and for NATS; health is there from the beginning and names what is missing. */
export async function start(config: Config, overrides: Overrides = {}): Promise<RunningPayments> {
  await using stack = new AsyncDisposableStack();
  const log = overrides.log ?? createLog('payments', config.logLevel);
  const clock = overrides.clock ?? systemClock;
  const telemetry = stack.use(startTelemetry('payments', config.otlpUrl));
  const pool = (url: string, name: string, max: number, options: PoolOptions = {}) => {
    const opened = openPool(url, name, max, log, options);
    stack.defer(() => opened.end());
    return opened;
  };
  const ledger = pool(config.ledgerUrl, 'nightjar-ledger', LEDGER_CONNECTIONS_MAX);
  // What the relay writes is which rows are out: forgotten in a crash, they go out once more.
  const relayed = pool(config.ledgerUrl, 'nightjar-ledger-relay', RELAY_CONNECTIONS_MAX, { hasty: true });
  const billing = pool(config.billingUrl, 'nightjar-billing', BILLING_CONNECTIONS_MAX);
  const schema = stack.use(
    watchSchema(
      [
        { pool: ledger, folder: MIGRATIONS.ledger },
        { pool: billing, folder: MIGRATIONS.billing },
      ],
      log,
    ),
  );
  let connected: NatsConnection | undefined;
  const internal = stack.use(
    await startInternal(config.internalListen, telemetry, {
      ledger: async () => (await ledger.query('select from accounts limit 1')).rowCount !== null,
      billing: async () => (await billing.query('select from purchases limit 1')).rowCount !== null,
      schema: () => schema.there(),
      nats: async () => connected !== undefined && (await connected.rtt()) >= 0,
    }),
  );
  const nats = await connectNats(config.natsUrl, 'nightjar-payments', log, { user: 'payments' });
  stack.defer(() => nats.close());
  connected = nats;
  await schema.arrived;
  stack.use(keepProvisioned(nats, config.streamCopies, log));
  const outbox = stack.use(startOutboxRelay({ pool: relayed, nc: nats, source: 'payments', log }));
  const play = playGateway(randomBytes(PLAY_KEY_BYTES));
  const context: Context = {
    heldTips: new HeldTips(),
    ledger,
    billing,
    clock,
    log,
    id: overrides.id ?? randomId,
    sealKeys: config.sealKeys,
    walletKeys: new WalletKeys(ledger),
    openings: new AddressLimits({ perSecond: config.walletsPerSecond, burst: config.walletsBurst }),
    gateways: overrides.gateways ?? new Map([[play.name, play]]),
    takeTip: tipLane(ledger),
    outbox,
    access: accessChecker(nats, 'payments'),
    rooms: client(nats, 'payments', RoomsService),
  };
  stack.use(startUpkeep(context));
  void warmTips(ledger);
  const handlers = { tip: tip(context), settle: settle(context), listRoomEvents: listRoomEvents(context) };
  stack.use(serve(nats, PaymentsService, handlers, log));
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
