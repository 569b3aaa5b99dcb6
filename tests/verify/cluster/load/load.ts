import { randomUUID } from 'node:crypto';
import { ChatKeeper } from '@nightjar/client/chat-keeper';
import { endpointsAt } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { Identity } from '@nightjar/client/identity';
import { memoryKeeperStore } from '@nightjar/client/keeper-store';
import { memoryKeys } from '@nightjar/client/key-store';
import { RoomConnection } from '@nightjar/client/room-connection';
import { Rooms } from '@nightjar/client/rooms';
import { until } from '../../../lib/until.ts';
import { type Evening, judgeEvening } from './judge-evening.ts';
import { MENU } from './menu.ts';
import { Pacer } from './pacer.ts';
import { patiently } from './patiently.ts';
import { seeded } from './seeded.ts';
import { Stalls } from './stalls.ts';
import { Talk } from './talk.ts';
import { Tips } from './tips.ts';
import { startWatchedBridge } from './watched-bridge.ts';
import { WatchedViewer } from './watched-viewer.ts';

export interface LoadOptions {
  /** The front door. */
  readonly origin: string;
  readonly seed: number;
  readonly viewers: number;
  readonly tipsPerSecond: number;
  readonly linesPerSecond: number;
  /** Tokens that each viewer buys. */
  readonly tokens: bigint;
  /** What the operator does, so that this key may have a room. */
  readonly admit: (publicKey: string) => Promise<void>;
}

export interface Load extends AsyncDisposable {
  /** What happens from now on is told under this name. */
  phase(name: string): void;
  /** One line about now. */
  readonly now: string;
  /** Everybody is in the room, and the bridge has a permit. */
  readonly isWhole: boolean;
  /** Sends nothing more, and waits until everything has its end, or too long. */
  settle(withinMs: number): Promise<void>;
  judge(): Promise<Evening>;
  /** Everybody signs in anew with the keys they had. @returns how many are who they were, with the tokens they had */
  recognised(): Promise<{ readonly accounts: number; readonly wallets: number; readonly of: number }>;
}

/** A room's log that stays where it is for so long has come to its end. */
const QUIET_MS = 1_500;

/** A room of its own with viewers who tip and talk, and a bridge that is watched, all through the front door. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  await using stack = new AsyncDisposableStack();
  const { seed, origin } = options;
  const endpoints = endpointsAt(origin);
  const http = createHttpClient();
  const keys = memoryKeys();
  const identity = new Identity({ endpoints, http, keys, broadcaster: true });
  await options.admit(await identity.publicKey());
  const rooms = new Rooms({ endpoints, http, identity });
  const wish = randomUUID();
  const room = await patiently(() => rooms.create({ name: 'test', title: 'A room of a test' }, wish));
  const { roomId } = room;
  await patiently(() => rooms.putMenu(roomId, { version: room.menu.version, items: MENU }));
  await patiently(() => rooms.startShow(roomId));

  const broadcaster = stack.use(new RoomConnection({ endpoints, http, roomId, as: 'broadcaster', identity }));
  stack.use(new ChatKeeper({ connection: broadcaster, keys, store: memoryKeeperStore() }));
  await broadcaster.live();
  const stalls = stack.use(new Stalls());
  const bridge = stack.use(await startWatchedBridge({ endpoints, http, identity, keys, roomId }));
  await until('the bridge is armed and permitted', () => {
    const { arm, permit } = bridge.bridge.view();
    return arm.phase === 'armed' && permit;
  });
  const viewers: WatchedViewer[] = [];
  for (let i = 1; i <= options.viewers; i += 1) {
    const viewer = await WatchedViewer.start(`viewer ${i}`, { endpoints, http, roomId }, options.tokens);
    viewers.push(stack.use(viewer));
  }
  await until('all can talk', () => viewers.every(({ chat }) => chat.state.is === 'open'));
  const subjects = await Promise.all(viewers.map(({ identity: each }) => each.pseudonym(roomId)));

  const tips = new Tips(seeded(seed), viewers);
  const talk = new Talk(seeded(seed + 1), viewers);
  const phases: { name: string; fromMono: number }[] = [];
  const sending = stack.adopt(new DisposableStack(), (pacers) => pacers.dispose());
  sending.use(new Pacer(options.tipsPerSecond, () => tips.send()));
  sending.use(new Pacer(options.linesPerSecond, () => talk.say()));
  let balances: bigint[] = [];
  let sentUntilMono: number | undefined;

  const owned = stack.move();
  return {
    phase(name) {
      phases.push({ name, fromMono: performance.now() });
    },
    get now() {
      const live = viewers.filter(({ isLive }) => isLive).length;
      const { permit } = bridge.bridge.view();
      return `${tips.all.length} tips, ${tips.open} on their way, ${live} of ${viewers.length} viewers in, ${permit ? 'a' : 'no'} permit`;
    },
    get isWhole() {
      return viewers.every(({ isLive }) => isLive) && bridge.bridge.view().permit;
    },
    async settle(withinMs) {
      sending.dispose();
      sentUntilMono = performance.now();
      const end = performance.now() + withinMs;
      const late = () => performance.now() > end;
      let place = '';
      let sinceMono = performance.now();
      const quiet = () => {
        const places = viewers.map((viewer) => viewer.place).join();
        if (places !== place) {
          place = places;
          sinceMono = performance.now();
        }
        return performance.now() - sinceMono > QUIET_MS;
      };
      const whole = () => tips.open === 0 && talk.open === 0 && viewers.every(({ isLive }) => isLive);
      await until('all is quiet', () => (quiet() && whole()) || late(), withinMs + QUIET_MS);
      tips.giveUp();
      talk.giveUp();
    },
    async judge() {
      const evening = await judgeEvening({
        tips,
        talk,
        viewers,
        bridge,
        stalls,
        phases,
        untilMono: sentUntilMono ?? performance.now(),
        identity,
        endpoints,
        http,
        roomId,
      });
      balances = await Promise.all(
        viewers.map(async ({ wallet }) => (await patiently(() => wallet.balance())).available),
      );
      return evening;
    },
    async recognised() {
      const people = await Promise.all(
        viewers.map(async ({ identity: each, wallet }, i) => {
          each.invalidate(`room:${roomId}`);
          const subject = await patiently(() => each.pseudonym(roomId));
          const { available } = await patiently(() => wallet.balance());
          return { account: subject === subjects[i], wallet: available === balances[i] };
        }),
      );
      return {
        accounts: people.filter(({ account }) => account).length,
        wallets: people.filter(({ wallet }) => wallet).length,
        of: people.length,
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
