import { createHash } from 'node:crypto';
import type { Endpoints } from '@nightjar/client/endpoints';
import type { HttpClient } from '@nightjar/client/http';
import { Identity } from '@nightjar/client/identity';
import { memoryKeys } from '@nightjar/client/key-store';
import { RoomChat } from '@nightjar/client/room-chat';
import { RoomConnection } from '@nightjar/client/room-connection';
import { Wallet } from '@nightjar/client/wallet';
import type { LogEntry } from '@nightjar/contracts/ws-protocol';
import type { Stretch, ToldEntry, ViewerLog } from '../judges/logs.ts';
import { patiently } from './patiently.ts';

/** A time in which a viewer was not in the room. */
export interface Away {
  readonly fromMono: number;
  readonly toMono?: number;
  readonly why: string;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** Somebody who watches, tips and talks, and remembers all that they were told. */
export class WatchedViewer implements Disposable {
  readonly name: string;
  readonly wallet: Wallet;
  readonly bought: bigint;
  readonly identity: Identity;
  readonly aways: Growing<Away>[] = [];
  /** How often each tip stands in the log of one epoch, at most. */
  readonly tipsInLog = new Map<string, number>();
  /** Ids of the lines that could be read. */
  readonly read = new Set<string>();
  /** Why the room closed for good, each time. It comes in again, as a person would. */
  readonly thrownOut: string[] = [];
  readonly #parts: { readonly endpoints: Endpoints; readonly http: HttpClient; readonly roomId: string };
  readonly #logs: Growing<ViewerLog>[] = [];
  #connection: RoomConnection;
  #chat: RoomChat;
  #closing = false;

  private constructor(
    name: string,
    parts: { endpoints: Endpoints; http: HttpClient; roomId: string },
    wallet: Wallet,
    identity: Identity,
    bought: bigint,
  ) {
    this.name = name;
    this.#parts = parts;
    this.wallet = wallet;
    this.identity = identity;
    this.bought = bought;
    [this.#connection, this.#chat] = this.#comeIn();
  }

  /** Opens a wallet, buys tokens and comes into the room. */
  static async start(
    name: string,
    parts: { endpoints: Endpoints; http: HttpClient; roomId: string },
    tokens: bigint,
  ): Promise<WatchedViewer> {
    const keys = memoryKeys();
    const wallet = new Wallet({ ...parts, keys });
    const purchase = crypto.randomUUID();
    await patiently(() => wallet.buy(tokens, 'play', purchase));
    const identity = new Identity({ ...parts, keys });
    await patiently(() => identity.accessToken(`room:${parts.roomId}`));
    const viewer = new WatchedViewer(name, parts, wallet, identity, tokens);
    await viewer.connection.live();
    await patiently(() => wallet.prepare());
    return viewer;
  }

  get connection(): RoomConnection {
    return this.#connection;
  }

  get chat(): RoomChat {
    return this.#chat;
  }

  get isLive(): boolean {
    return this.#connection.phase === 'live';
  }

  /** What it was told on each stay; the last one goes on. */
  get logs(): readonly ViewerLog[] {
    return this.#logs;
  }

  /** Where it is in the log. */
  get place(): string {
    const stretch = this.#logs.at(-1)?.stretches.at(-1);
    return stretch ? `${stretch.epoch}/${stretch.from + stretch.entries.length - 1}` : 'nowhere';
  }

  [Symbol.dispose](): void {
    this.#closing = true;
    this.#chat.close();
    this.#connection.close();
  }

  #comeIn(): [RoomConnection, RoomChat] {
    const connection = new RoomConnection({ ...this.#parts, as: 'viewer', identity: this.identity });
    const chat = new RoomChat({ connection });
    const log: Growing<ViewerLog> = { viewer: `${this.name}#${this.#logs.length + 1}`, stretches: [] };
    this.#logs.push(log);
    connection.on('welcome', ({ welcome: { epoch, from }, snapshot, recovered }) => {
      if (recovered) return;
      log.stretches.push({
        epoch,
        from,
        atMono: performance.now(),
        entries: [],
        snapshot: snapshot.tips.map(({ tipId }) => `tip ${tipId}`),
      });
    });
    const placesOf = new Map<string, Set<number>>();
    connection.on('entry', ({ entry, offset }) => {
      const stretch = log.stretches.at(-1) as (Stretch & { entries: ToldEntry[] }) | undefined;
      const names = namesIn(entry);
      stretch?.entries.push({
        offset,
        digest: digestOf(entry),
        atMono: performance.now(),
        ...(names === undefined ? {} : { names }),
      });
      if (entry.kind !== 'tip') return;
      // A snapshot shows the last entries again: at the places they have.
      const key = `${stretch?.epoch} ${entry.tipId}`;
      const places = (placesOf.get(key) ?? new Set()).add(offset);
      placesOf.set(key, places);
      this.tipsInLog.set(entry.tipId, Math.max(this.tipsInLog.get(entry.tipId) ?? 0, places.size));
    });
    connection.on('phase', ({ phase, reason }) => this.#onPhase(phase, reason?.code ?? 'unknown', log));
    chat.on('line', (line) => {
      if ('text' in line) this.read.add(line.id);
    });
    return [connection, chat];
  }

  #onPhase(phase: string, why: string, log: Growing<ViewerLog>): void {
    const away = this.aways.at(-1);
    if (phase === 'live' && away && away.toMono === undefined) away.toMono = performance.now();
    if (phase === 'live' || this.#closing) return;
    if (!away || away.toMono !== undefined) this.aways.push({ fromMono: performance.now(), why });
    if (phase !== 'closed') return;
    this.thrownOut.push(why);
    log.leftMono = performance.now();
    this.#chat.close();
    setTimeout(() => {
      if (!this.#closing) [this.#connection, this.#chat] = this.#comeIn();
    }, COME_AGAIN_MS);
  }
}

/** A person who was thrown out opens the page again. */
const COME_AGAIN_MS = 2_000;

function namesIn(entry: LogEntry): string | undefined {
  if (entry.kind === 'chat') return `chat ${entry.id}`;
  if (entry.kind === 'tip') return `tip ${entry.tipId}`;
  if (entry.kind === 'settled') return `settled ${entry.tipId}`;
  return undefined;
}

/** Of the whole content, whatever the order of its fields. */
function digestOf(entry: LogEntry): string {
  const sorted = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash('sha256').update(JSON.stringify(entry, sorted)).digest('base64url').slice(0, 16);
}
