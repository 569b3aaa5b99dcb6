import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { type Role, type ServerMessage, WS_SUBPROTOCOL } from '@nightjar/contracts/ws-protocol';
import { bundledGeoipFile } from '@nightjar/fence/mmdb';
import { silentLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { provisionNats } from '@nightjar/kit/nats-provision';
import { connectRedis } from '@nightjar/kit/redis';
import { senderKeyRing } from '@nightjar/sealed/node/opaque-sender';
import { eventually } from '@nightjar/testkit/eventually';
import { testEdge } from '@nightjar/testkit/test-edge';
import { testBus, testRedis } from '@nightjar/testkit/test-servers';
import WebSocket from 'ws';
import { roomKeys } from '../src/log/keys.ts';
import { start } from '../src/service.ts';
import { startNeighbours } from './neighbours.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 } as const;
const WAIT_MS = 10_000;

/** NATS, Valkey, the neighbours, and as many pods of events as a test starts. */
export async function eventsPlatform() {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await testBus());
  const redis = stack.use(await testRedis());
  const nc = await connectNats(nats.url, 'test', silentLog);
  stack.defer(() => nc.close());
  await provisionNats(nc);
  const neighbours = stack.use(await startNeighbours(nc));
  const current = { keyId: 'k1', key: randomBytes(32) };
  const config = {
    httpListen: LOOPBACK,
    internalListen: LOOPBACK,
    natsUrl: nats.urlOf('events'),
    redisUrl: redis.url,
    geoipFile: bundledGeoipFile(),
    fencePublicKeys: neighbours.fencePublicKeys,
    senders: { current, ring: senderKeyRing([current]) },
    ticketsPerSecond: 1_000,
    ticketsBurst: 1_000,
    trustedHops: ['127.0.0.1'],
    edgePublicKeys: testEdge.publicKeys,
    logLevel: 'error',
    otlpUrl: '',
  };
  const looker = connectRedis(redis.url, 'test', silentLog);
  stack.defer(() => looker.disconnect());
  const owned = stack.move();
  return {
    config,
    nats,
    redis,
    neighbours,
    /** The keys in Redis whose bytes, as they would be saved, hold a text. */
    async inRedis(text: string): Promise<string[]> {
      // Saved values are packed otherwise, and a text in them would not be seen.
      await looker.config('SET', 'rdbcompression', 'no');
      const found: string[] = [];
      for (const key of await looker.keys('*')) {
        const bytes = await looker.dumpBuffer(key);
        if (key.includes(text) || bytes?.includes(text)) found.push(key);
      }
      return found;
    },
    /** As a Redis that began anew: the next call begins another epoch, and pods hear nothing until they have subscribed again. */
    async forgetLog(roomId: string): Promise<void> {
      const { all } = roomKeys(roomId);
      await looker.pipeline().call('CLIENT', 'KILL', 'TYPE', 'pubsub').del(all.slice(0, 3)).exec();
    },
    async startPod() {
      const pod = await start(config, { log: silentLog });
      const ready = () => fetch(`${pod.urls.internal}/health/ready`);
      await eventually(async () => expect((await ready()).status).toBe(200));
      return {
        ...pod,
        ...doors(pod.urls.http),
        metrics: async () => (await fetch(`${pod.urls.internal}/metrics`)).text(),
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function doors(base: string) {
  return {
    async ticket(
      roomId: string,
      options: { as?: string; access?: string; bridgeKey?: string; from?: string } = {},
    ) {
      const { as = 'guest', access, bridgeKey, from } = options;
      const response = await fetch(`${base}/v1/rooms/${roomId}/tickets`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(access ? { authorization: `Bearer ${access}` } : {}),
          ...(from ? { 'x-forwarded-for': from } : {}),
        },
        body: JSON.stringify({ as, ...(bridgeKey ? { bridgeKey } : {}) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        text,
        ticket: response.ok ? (JSON.parse(text).ticket as string) : '',
      };
    },
    connect: (from?: string) =>
      TestSocket.open(`${base.replace('http', 'ws')}/v1/socket`, from ? { 'x-forwarded-for': from } : {}),
    /** A socket that came through the test's edge, by that name. */
    connectThrough: (edge: string) =>
      TestSocket.open(
        `${base.replace('http', 'ws')}/v1/socket`,
        testEdge.facts({ address: '127.0.0.1', edge }),
      ),
    /** An edge says of an edge that it goes. */
    async going(edge: string, by = edge) {
      const response = await fetch(`${base}/edge/v1/going`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...testEdge.facts({ address: '127.0.0.1', edge: by }),
        },
        body: JSON.stringify({ edge }),
      });
      return response.status;
    },
  };
}

type Of<T extends ServerMessage['t']> = Extract<ServerMessage, { t: T }>;

/** A socket that keeps what it hears. */
export class TestSocket {
  readonly heard: ServerMessage[] = [];
  /** Clients leave when the server says that it goes; this one may be told to stay. */
  stays = false;
  readonly closed: Promise<number>;
  /** What stood beside the code it was closed with. */
  reason = '';
  readonly #ws: WebSocket;
  #look: () => void = () => {};

  constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('message', (data) => {
      const message = JSON.parse(String(data)) as ServerMessage;
      this.heard.push(message);
      if (message.t === 'going' && !this.stays) ws.close();
      this.#look();
    });
    this.closed = new Promise((resolve) =>
      ws.on('close', (code, reason) => {
        this.reason = String(reason);
        resolve(code);
      }),
    );
  }

  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<TestSocket> {
    const ws = new WebSocket(url, WS_SUBPROTOCOL, { headers });
    const socket = new TestSocket(ws);
    await new Promise<void>((resolve, reject) => {
      ws.once('open', () => resolve());
      ws.once('error', reject);
    });
    return socket;
  }

  say(message: object | string): void {
    this.#ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The first message of a kind that was not looked at yet and that fits. */
  next<T extends ServerMessage['t']>(t: T, fits: (message: Of<T>) => boolean = () => true): Promise<Of<T>> {
    return this.find((message): message is Of<T> => message.t === t && fits(message as Of<T>), t);
  }

  /** The first message that was not looked at yet and that fits. One search at a time. */
  async find<M extends ServerMessage>(
    fits: (message: ServerMessage) => message is M,
    what: string,
  ): Promise<M> {
    const until = performance.now() + WAIT_MS;
    for (;;) {
      const index = this.heard.findIndex(fits);
      const [found] = index < 0 ? [] : this.heard.splice(index, 1);
      if (found) return found as M;
      const left = until - performance.now();
      if (left <= 0) throw new Error(`no ${what} came; heard: ${JSON.stringify(this.heard).slice(0, 2_000)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#look = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  leave(): void {
    this.#ws.close();
  }

  /** Takes nothing more from the network, and so answers nothing, until `resume`. */
  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }
}

export type Pod = Awaited<ReturnType<Awaited<ReturnType<typeof eventsPlatform>>['startPod']>>;
export type Platform = Awaited<ReturnType<typeof eventsPlatform>>;

/** Comes in as a role, live. */
export async function enter(
  platform: Platform,
  pod: Pod,
  room: { roomId: string; broadcasterId: string },
  as: Role,
  resume?: { epoch: string; offset: number },
  subject?: string,
) {
  const owns = as === 'bridge' || as === 'broadcaster';
  const access =
    as === 'guest'
      ? undefined
      : await platform.neighbours.accessToken(room.roomId, owns ? room.broadcasterId : undefined, subject);
  const bridgeKey = as === 'bridge' ? randomBytes(32).toString('base64url') : undefined;
  // A pod that lost a neighbour a moment ago says so, and is asked again.
  const ticket = await eventually(async () => {
    const asked = await pod.ticket(room.roomId, {
      as,
      ...(access ? { access } : {}),
      ...(bridgeKey ? { bridgeKey } : {}),
    });
    if (!asked.ticket) throw new Error(`no ticket: ${asked.text}`);
    return asked.ticket;
  });
  const socket = await pod.connect();
  socket.say({ t: 'hello', ticket, ...(resume ? { resume } : {}) });
  const welcome = await socket.next('welcome');
  return { socket, welcome };
}

export const SEALED = { scheme: 'test', keyId: 'k', bytes: 'AAAA' } as const;
export const newTip = () => ({
  t: 'tip',
  id: `tip_${randomUUID()}`,
  amount: '25',
  itemId: 'buzz',
  order: SEALED,
});
/** For nothing on the menu: settled at once. */
export const newPlainTip = (amount: string) => ({
  t: 'tip',
  id: `tip_${randomUUID()}`,
  amount,
  order: SEALED,
});
export const newLine = () => ({ t: 'chat', id: `msg_${randomUUID()}`, body: SEALED });
