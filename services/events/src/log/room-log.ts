import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { EventSource } from '@nightjar/contracts/subjects';
import { PERMIT_MS, type ProgressState } from '@nightjar/contracts/ws-protocol';
import { commonProblem, Problem } from '@nightjar/kit/problem';
import type { Redis } from 'ioredis';
import { LOG_ENTRIES_KEPT, MESSAGE_ID_MS, PRESENCE_EVERY_MS } from '../limits.ts';
import { messageKey, roomKeys } from './keys.ts';

const FUNCTIONS = new URL('../../redis/room.lua', import.meta.url);
/** A pod's presence holds for two beats, so that a missed one hides nobody. */
const PRESENCE_HOLDS_MS = PRESENCE_EVERY_MS * 2.5;

export interface OpenedLog {
  readonly epoch: string;
  readonly offset: number;
  /** Last sequence number per source that the log or its snapshot has; undefined before it is filled. */
  readonly seqs: Readonly<Partial<Record<EventSource, bigint>>>;
  readonly snapshot: ReadonlyMap<string, string>;
}

export interface Append {
  readonly roomId: string;
  /** A JSON object without its offset. */
  readonly entry: string;
  /** Where the entry comes from and its number there; a number that the log has changes nothing. */
  readonly from?: { readonly source: EventSource; readonly seq: bigint; readonly begins?: boolean };
  /** A client's own id for it: sent again, it changes nothing. */
  readonly messageId?: string;
  readonly set?: { readonly field: string; readonly value: string };
  readonly drop?: readonly string[];
}

/** What a bridge says of a tip's effect. */
export interface Progress {
  readonly roomId: string;
  readonly entry: string;
  /** Who says it. */
  readonly holder: string;
  readonly tipId: string;
  readonly state: ProgressState;
}

export type Appended =
  | { readonly status: 'ok' | 'dup'; readonly epoch: string; readonly offset: number }
  /** Events of this source are missing before this one. `after` is the last one had; undefined where none is. */
  | { readonly status: 'gap'; readonly after: bigint | undefined };

export interface StoredEntry {
  readonly offset: number;
  readonly entry: string;
}

export type SeatAnswer =
  | { readonly seat: 'held' }
  | { readonly seat: 'taken' }
  | { readonly seat: 'wait'; readonly ms: number };

/** The room logs in Redis: what redis/room.lua does, with types. Throws Problem `unavailable` while Redis is away. */
export class RoomLog {
  readonly #redis: Redis;
  #library: Promise<string> | undefined;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async open(roomId: string): Promise<OpenedLog> {
    const answer = await this.#call('nightjar_open', roomKeys(roomId).all, [randomUUID()]);
    const [epoch, offset, payments, rooms, flat] = answer as [string, number, string, string, string[]];
    const snapshot = new Map<string, string>();
    for (let i = 0; i + 1 < flat.length; i += 2) snapshot.set(flat[i] ?? '', flat[i + 1] ?? '');
    const seqs = {
      ...(payments === '' ? {} : { payments: BigInt(payments) }),
      ...(rooms === '' ? {} : { rooms: BigInt(rooms) }),
    };
    return { epoch, offset, seqs, snapshot };
  }

  async append(append: Append): Promise<Appended> {
    const [status, epoch, offset, last] = await this.#append(append);
    if (status === 'gap') return { status, after: last === '' ? undefined : BigInt(last) };
    if (status === 'seat') throw new TypeError('only progress asks for the seat');
    return { status, epoch, offset };
  }

  /** Appends it, and keeps the state beside the tip. Answers false, and changes nothing, where `holder` has no seat. */
  async progress({ holder, tipId, state, ...append }: Progress): Promise<boolean> {
    const [status] = await this.#append(append, [holder, tipId, state]);
    return status === 'ok';
  }

  async #append(
    { roomId, entry, from, messageId, set, drop }: Append,
    progress: readonly [holder: string, tipId: string, state: string] = ['', '', ''],
  ): Promise<['ok' | 'dup' | 'gap' | 'seat', string, number, string]> {
    const keys = roomKeys(roomId);
    const answer = await this.#call(
      'nightjar_append',
      [...keys.all, messageKey(roomId, messageId ?? 'none')],
      [
        randomUUID(),
        from?.source ?? '',
        from ? String(from.seq) : '',
        from?.begins ? '1' : '',
        entry,
        String(LOG_ENTRIES_KEPT),
        set?.field ?? '',
        set?.value ?? '',
        drop?.join(' ') ?? '',
        keys.channel,
        messageId ? String(MESSAGE_ID_MS) : '',
        ...progress,
      ],
    );
    return answer as ['ok' | 'dup' | 'gap' | 'seat', string, number, string];
  }

  /** Says that the snapshot holds a source's events up to `seq` already. */
  async seed(roomId: string, source: EventSource, seq: bigint): Promise<void> {
    await this.#call('nightjar_seed', roomKeys(roomId).all, [randomUUID(), source, String(seq)]);
  }

  /** Begins a new epoch at the next call: the log cannot go on where it is. */
  async forget(roomId: string): Promise<void> {
    await this.#call('nightjar_forget', roomKeys(roomId).all, []);
  }

  /** Entries `from` to `to`, both included; fewer where the log was trimmed. */
  async read(roomId: string, from: number, to: number): Promise<StoredEntry[]> {
    if (from > to) return [];
    const rows = await this.#redis.xrange(roomKeys(roomId).log, `${from}-0`, `${to}-0`).catch(away);
    return rows.map(([id, fields]) => ({ offset: Number.parseInt(id, 10), entry: fields[1] ?? '' }));
  }

  async seat(roomId: string, holder: string, take: boolean): Promise<SeatAnswer> {
    const answer = await this.#call('nightjar_seat', roomKeys(roomId).all, [
      randomUUID(),
      holder,
      String(PERMIT_MS),
      take ? '1' : '',
    ]);
    const [seat, ms] = answer as ['held' | 'taken' | 'wait', number];
    return seat === 'wait' ? { seat, ms } : { seat };
  }

  async permit(roomId: string, holder: string): Promise<boolean> {
    return (await this.#call('nightjar_permit', roomKeys(roomId).all, [holder, String(PERMIT_MS)])) === 1;
  }

  /** Says how many this pod has in the room; answers how many there are in all. */
  async presence(roomId: string, pod: string, count: number): Promise<number> {
    const { presence, channel } = roomKeys(roomId);
    return (await this.#call(
      'nightjar_presence',
      [presence],
      [pod, String(count), String(PRESENCE_HOLDS_MS), channel],
    )) as number;
  }

  async #call(name: string, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    try {
      return await this.#redis.fcall(name, keys.length, ...keys, ...args);
    } catch (error) {
      // A Redis that started empty knows no functions.
      if (!(error instanceof Error) || !/Function not found/i.test(error.message)) return away(error);
      await this.#load();
      return await this.#redis.fcall(name, keys.length, ...keys, ...args).catch(away);
    }
  }

  async #load(): Promise<void> {
    this.#library ??= readFile(FUNCTIONS, 'utf8');
    await this.#redis.function('LOAD', 'REPLACE', await this.#library).catch(away);
  }

  /** Puts this version's functions into Redis, at start and after each reconnect. */
  async provision(): Promise<void> {
    await this.#load();
  }
}

function away(error: unknown): never {
  // What our own script refuses is a bug of ours, not an absence.
  if (error instanceof Problem || (error instanceof Error && /^ERR nightjar/.test(error.message)))
    throw error;
  throw commonProblem('unavailable', error);
}
