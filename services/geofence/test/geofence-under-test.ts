import { randomUUID } from 'node:crypto';
import { Kvm } from '@nats-io/kv';
import { AuthService } from '@nightjar/contracts/gen/auth/v1/auth_pb';
import { GeofenceService } from '@nightjar/contracts/gen/geofence/v1/geofence_pb';
import { FENCE_BUCKET } from '@nightjar/contracts/subjects';
import { makePolicyKeys } from '@nightjar/fence/node/policy-keys';
import { watchPolicies } from '@nightjar/fence/node/watch-policies';
import { silentLog } from '@nightjar/kit/log';
import { migrate } from '@nightjar/kit/migrate';
import { connectNats } from '@nightjar/kit/nats';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import { client } from '@nightjar/kit/rpc-client';
import { serve } from '@nightjar/kit/rpc-server';
import { testEdge } from '@nightjar/testkit/test-edge';
import { testBus, testDatabase, testPostgres } from '@nightjar/testkit/test-servers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Config } from '../src/config.ts';
import type { Overrides } from '../src/context.ts';
import { MIGRATIONS } from '../src/migrations.ts';
import { start } from '../src/service.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 } as const;

export const GERMANY = { country: 'DE' } as const;
export const FRANCE = { country: 'FR' } as const;
export const NOT_GERMANY = {
  rules: [{ effect: 'deny', kind: 'country', values: ['DE'] }],
  otherwise: 'allow',
};
export const OPEN = { rules: [] };

export const newRoom = () => `room_${randomUUID()}`;
export const newBroadcaster = () => `bcst_${randomUUID()}`;

/** PostgreSQL with geofence's tables, NATS with somebody who answers for auth, and as many pods as a test starts. */
export async function geofencePlatform() {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await testPostgres());
  const database = stack.use(await testDatabase({ schemas: ['geofence'], server: postgres }));
  const natsServer = stack.use(await testBus());
  const pool = openPool(database.urls.geofence, 'test', 2, silentLog);
  stack.defer(() => pool.end());
  await migrate(openDatabase(pool), MIGRATIONS, silentLog);
  const nats = await connectNats(natsServer.url, 'test', silentLog);
  stack.defer(() => nats.close());
  const signing = await generateKeyPair('EdDSA');
  const jwksJson = JSON.stringify({
    keys: [{ ...(await exportJWK(signing.publicKey)), kid: 'k', alg: 'EdDSA' }],
  });
  stack.use(serve(nats, AuthService, { getJwks: async () => ({ jwksJson }) }, silentLog));
  const fenceKeys = makePolicyKeys(Date.now());
  const config: Config = {
    httpListen: LOOPBACK,
    internalListen: LOOPBACK,
    natsUrl: natsServer.urlOf('geofence'),
    postgresUrl: database.urls.geofence,
    fenceKey: fenceKeys.privateFile,
    trustedHops: ['127.0.0.1'],
    edgePublicKeys: testEdge.publicKeys,
    streamCopies: 1,
    logLevel: 'error',
    otlpUrl: '',
  };
  const owned = stack.move();
  return {
    config,
    postgres,
    natsServer,
    nats,
    pool,
    fenceKeys,
    rpc: client(nats, 'test', GeofenceService),
    bucket: () => new Kvm(nats).open(FENCE_BUCKET),
    watch: (publicFile = fenceKeys.publicFile) => watchPolicies(nats, publicFile, silentLog),
    startGeofence: (changes: Partial<Config> = {}, overrides: Overrides = {}) =>
      start({ ...config, ...changes }, { log: silentLog, ...overrides }),
    /** An access token as auth makes it. */
    accessToken: (claims: { audience?: string; broadcaster?: string }) =>
      new SignJWT(claims.broadcaster ? { broadcaster: claims.broadcaster } : {})
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k' })
        .setIssuer('nightjar')
        .setAudience(claims.audience ?? 'geofence')
        .setSubject(`sub_${randomUUID()}`)
        .setExpirationTime('10m')
        .sign(signing.privateKey),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
export type GeofencePlatform = Awaited<ReturnType<typeof geofencePlatform>>;

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Record<string, unknown>;
  readonly etag: string | null;
}

/** Asks for one room's fence, or changes it. */
export async function askFence(
  base: string,
  roomId: string,
  options: { accessToken?: string; ifMatch?: string; put?: unknown; from?: string } = {},
): Promise<Answer> {
  const { accessToken, ifMatch, put, from } = options;
  const response = await fetch(`${base}/v1/rooms/${roomId}/fence`, {
    method: put === undefined ? 'GET' : 'PUT',
    headers: {
      ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
      ...(ifMatch ? { 'if-match': ifMatch } : {}),
      ...(from ? { 'x-forwarded-for': from } : {}),
      ...(put === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(put === undefined ? {} : { body: JSON.stringify(put) }),
  });
  const text = await response.text();
  const body = JSON.parse(text) as Record<string, unknown>;
  return { status: response.status, text, body, etag: response.headers.get('etag') };
}
