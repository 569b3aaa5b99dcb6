import { randomUUID } from 'node:crypto';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { FENCE_BUCKET } from '@nightjar/contracts/subjects';
import { type Log, silentLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { provisionNats } from '@nightjar/kit/nats-provision';
import { testNats } from '@nightjar/testkit/test-servers';
import { compile } from '../src/compile.ts';
import { makePolicyKeys, parsePolicySigner } from '../src/node/policy-keys.ts';
import { watchPolicies } from '../src/node/watch-policies.ts';
import type { Fence } from '../src/rules.ts';
import { signPolicy } from '../src/sign.ts';

export const OPEN: Fence = { rules: [], otherwise: 'allow', unknown: 'deny' };
export const NOT_GERMANY: Fence = {
  rules: [{ effect: 'deny', kind: 'country', values: ['DE'] }],
  otherwise: 'allow',
  unknown: 'deny',
};
export const GERMANY = { country: 'DE' } as const;
export const FRANCE = { country: 'FR' } as const;

export const newRoom = () => `room_${randomUUID()}`;

/** NATS with the bucket, and what geofence does with it. */
export async function watching() {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await testNats());
  const connect = async (): Promise<NatsConnection> => {
    const nc = await connectNats(server.url, 'test', silentLog);
    owned.defer(() => nc.close());
    return nc;
  };
  const owned = stack.use(new AsyncDisposableStack());
  const nc = await connect();
  await provisionNats(nc);
  const kvm = new Kvm(nc);
  const bucket = (): Promise<KV> => kvm.open(FENCE_BUCKET);
  const { privateFile, publicFile } = makePolicyKeys(Date.now());
  const signer = parsePolicySigner(privateFile);
  const signed = (roomId: string, version: number, fence: Fence) =>
    signPolicy(compile(fence, { roomId, version }), signer);
  const kept = stack.move();
  return {
    server,
    nc,
    connect,
    bucket,
    publicFile,
    signed,
    async publish(roomId: string, version: number, fence: Fence): Promise<void> {
      await (await bucket()).put(roomId, await signed(roomId, version, fence));
    },
    watch: (keys = publicFile, log: Log = silentLog) => watchPolicies(nc, keys, log),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const TRIES_MS_MAX = 20_000;

/** Tries until it no longer throws, and answers how long that took; throws the last error when it takes too long. */
export async function eventually(check: () => unknown): Promise<number> {
  const begin = performance.now();
  for (;;) {
    try {
      await check();
      return performance.now() - begin;
    } catch (error) {
      if (performance.now() - begin > TRIES_MS_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
