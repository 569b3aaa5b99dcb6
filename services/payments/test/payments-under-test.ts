import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { AuthService } from '@nightjar/contracts/gen/auth/v1/auth_pb';
import { PaymentsService } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { silentLog } from '@nightjar/kit/log';
import { migrateSchemas } from '@nightjar/kit/migrate-main';
import { connectNats } from '@nightjar/kit/nats';
import { openPool } from '@nightjar/kit/postgres';
import { Problem } from '@nightjar/kit/problem';
import { client } from '@nightjar/kit/rpc-client';
import { serve } from '@nightjar/kit/rpc-server';
import { rotateSealKeys, toSealKeys } from '@nightjar/sealed/node/seal-keys';
import type { RunningServer } from '@nightjar/testkit/servers/running-server';
import { testEdge } from '@nightjar/testkit/test-edge';
import { testBus, testDatabase } from '@nightjar/testkit/test-servers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Config } from '../src/config.ts';
import type { Overrides } from '../src/context.ts';
import { MIGRATIONS } from '../src/migrations.ts';
import { start } from '../src/service.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 } as const;
const CONNECTIONS_MAX = 20;

/** PostgreSQL with both schemas and a pool for each role. */
export async function ledgerDatabase(server?: RunningServer) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(
    await testDatabase({ schemas: ['ledger', 'billing'], ...(server ? { server } : {}) }),
  );
  const ledgerUrl = database.urls.ledger;
  const billingUrl = database.urls.billing;
  const schemas = [
    { name: 'ledger', url: ledgerUrl, folder: MIGRATIONS.ledger },
    { name: 'billing', url: billingUrl, folder: MIGRATIONS.billing },
  ];
  await migrateSchemas(schemas, silentLog);
  const pool = (url: string) => {
    const opened = openPool(url, 'test', CONNECTIONS_MAX, silentLog);
    stack.defer(() => opened.end());
    return opened;
  };
  const [ledger, billing] = [pool(ledgerUrl), pool(billingUrl)];
  const owned = stack.move();
  return {
    database,
    ledgerUrl,
    billingUrl,
    ledger,
    billing,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
export type LedgerDatabase = Awaited<ReturnType<typeof ledgerDatabase>>;

/** That, NATS, the neighbours, and as many pods of payments on them as a test starts. */
export async function paymentsPlatform(server?: RunningServer) {
  await using stack = new AsyncDisposableStack();
  const db = stack.use(await ledgerDatabase(server));
  const natsServer = stack.use(await testBus());
  const nats = await connectNats(natsServer.url, 'test', silentLog);
  stack.defer(() => nats.close());
  const neighbours = stack.use(await startNeighbours(nats));
  const sealKeySet = await rotateSealKeys();
  const config: Config = {
    httpListen: LOOPBACK,
    internalListen: LOOPBACK,
    natsUrl: natsServer.urlOf('payments'),
    ledgerUrl: db.ledgerUrl,
    billingUrl: db.billingUrl,
    sealKeys: toSealKeys(sealKeySet),
    walletsPerSecond: 1_000,
    walletsBurst: 1_000,
    trustedHops: ['127.0.0.1'],
    edgePublicKeys: testEdge.publicKeys,
    streamCopies: 1,
    logLevel: 'error',
    otlpUrl: '',
  };
  const owned = stack.move();
  return {
    ...db,
    nats,
    natsServer,
    neighbours,
    sealTo: { keyId: sealKeySet.current.keyId, publicKey: sealKeySet.current.publicKey },
    rpc: client(nats, 'events', PaymentsService),
    startPayments: (changes: Partial<Config> = {}, overrides: Overrides = {}) =>
      start({ ...config, ...changes }, { log: silentLog, ...overrides }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
export type PaymentsPlatform = Awaited<ReturnType<typeof paymentsPlatform>>;

/** What auth and rooms answer to payments, over the same NATS; their own tests show that they do. */
async function startNeighbours(nc: NatsConnection) {
  await using stack = new AsyncDisposableStack();
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const jwksJson = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA' }] });
  const rooms = new Map<string, { roomId: string; broadcasterId: string }>();
  stack.use(serve(nc, AuthService, { getJwks: async () => ({ jwksJson }) }, silentLog));
  const notServed = async () => {
    throw new Problem('unavailable', 'unavailable', 'not in this test');
  };
  stack.use(
    serve(
      nc,
      RoomsService,
      {
        admit: notServed,
        listRoomEvents: notServed,
        async getRoom({ roomId }) {
          const room = rooms.get(roomId);
          if (!room) throw new Problem('not_found', 'room_not_found', 'There is no such room.');
          return room;
        },
      },
      silentLog,
    ),
  );
  await nc.flush();
  const owned = stack.move();
  return {
    /** A room of this broadcaster, found by its id and by its slug. */
    addRoom(broadcasterId: string, slug: string): string {
      const room = { roomId: `room_${randomUUID()}`, broadcasterId };
      rooms.set(room.roomId, room);
      rooms.set(slug, room);
      return room.roomId;
    },
    accessToken: (broadcaster?: string, audience = 'payments') =>
      new SignJWT(broadcaster ? { broadcaster } : {})
        .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
        .setIssuer('nightjar')
        .setAudience(audience)
        .setSubject(`sub_${randomUUID()}`)
        .setExpirationTime('10m')
        .sign(privateKey),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
