import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { EventSource } from '@nightjar/contracts/subjects';
import { PERMIT_MS, type ProgressState } from '@nightjar/contracts/ws-protocol';
import { commonProblem, Problem } from '@nightjar/kit/problem';
import type { Redis } from 'ioredis';
import { COUNTED_ROOMS_AT_ONCE, LOG_ENTRIES_KEPT, MESSAGE_ID_MS, PRESENCE_EVERY_MS } from '../limits.ts';
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
  /** A JSON object without its offset; empty where only the source's number is to be taken. */
  readonly entry: string;
  /** Where the entry comes from and its number there; a number that the log has changes nothing. */
  readonly from?: { readonly source: EventSource; readonly seq: bigint; readonly begins?: boolean };
  /** A client's own id for it: sent again, it changes nothing. */
  readonly messageId?: string;
  readonly set?: FieldSet;
  readonly drop?: readonly string[];
  /** Tokens that the entry settles, which count towards the room's goal. */
  readonly counts?: { readonly tokens: bigint; readonly at: string };
  /** Which sanctions end with it: those whose time is over, and with a show those of the show. */
  readonly sweep?: 'over' | 'show';
}

/** A field of the snapshot. */
export interface FieldSet {
  readonly field: string;
  readonly value: string;
}

/** What a source's room is now, for an empty log. */
export interface Fill {
  readonly roomId: string;
  readonly source: EventSource;
  /** The number of the source's latest event that is in it. */
  readonly seq: bigint;
  readonly entries: readonly { readonly entry: string; readonly set: FieldSet }[];
  /** What is in the snapshot alone. */
  readonly fields: readonly FieldSet[];
}

/** A line to be taken out of the log. */
export interface Strike {
  readonly roomId: string;
  readonly entry: string;
  readonly messageId: string;
  readonly lineId: string;
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
    { roomId, entry, from, messageId, set, drop, counts, sweep }: Append,
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
        counts ? String(counts.tokens) : '',
        counts?.at ?? '',
        sweep ?? '',
      ],
    );
    return answer as ['ok' | 'dup' | 'gap' | 'seat', string, number, string];
  }

  /**
   * Overwrites a line where it stands, so that its bytes are gone and no offset is missing, and says so in an entry. A
   * line that is not in the log any more is still told of: others may have it.
   */
  async strike({ roomId, entry, messageId, lineId }: Strike): Promise<{ offset: number }> {
    const keys = roomKeys(roomId);
    const answer = await this.#call(
      'nightjar_strike',
      [...keys.all, messageKey(roomId, messageId), messageKey(roomId, lineId)],
      [randomUUID(), entry, String(LOG_ENTRIES_KEPT), keys.channel, String(MESSAGE_ID_MS), lineId],
    );
    const [, , offset] = answer as [string, string, number];
    return { offset };
  }

  /** Puts what a source's room is now into a log that has nothing of the source; into any other one nothing. */
  async fill({ roomId, source, seq, entries, fields }: Fill): Promise<void> {
    const keys = roomKeys(roomId);
    await this.#call('nightjar_fill', keys.all, [
      randomUUID(),
      source,
      String(seq),
      String(LOG_ENTRIES_KEPT),
      keys.channel,
      String(entries.length),
      ...entries.flatMap(({ entry, set }) => [entry, set.field, set.value]),
      ...fields.flatMap(({ field, value }) => [field, value]),
    ]);
  }

  /** Says something to all pods with sockets in the room that is kept nowhere. */
  async say(roomId: string, message: string): Promise<void> {
    await this.#redis.spublish(roomKeys(roomId).channel, message).catch(away);
  }

  /** Says that the snapshot holds a source's events up to `seq` already. */
  async seed(roomId: string, source: EventSource, seq: bigint): Promise<void> {
    await this.#call('nightjar_seed', roomKeys(roomId).all, [randomUUID(), source, String(seq)]);
  }

  /** Begins a new epoch at the next call: the log cannot go on where it is. */
  async forget(roomId: string): Promise<void> {
    await this.#call('nightjar_forget', roomKeys(roomId).all, []);
  }

  /** An epoch's entries `from` to `to`, both included; fewer where the log was trimmed, none where the epoch is over. */
  async read(roomId: string, epoch: string, from: number, to: number): Promise<StoredEntry[]> {
    if (from > to) return [];
    const { all, log } = roomKeys(roomId);
    const answer = await this.#call('nightjar_read', [all[0], log], [epoch, String(from), String(to)]);
    const [first, entries] = answer as [number, string[]];
    return entries.map((entry, i) => ({ offset: first + i, entry }));
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

  /** How many are in each of some rooms, by what their pods said last. In turns, so that nothing else waits long. */
  async viewers(roomIds: readonly string[], nowMs: number): Promise<number[]> {
    const counts: number[] = [];
    for (let from = 0; from < roomIds.length; from += COUNTED_ROOMS_AT_ONCE) {
      const pipeline = this.#redis.pipeline();
      for (const roomId of roomIds.slice(from, from + COUNTED_ROOMS_AT_ONCE))
        pipeline.hgetall(roomKeys(roomId).presence);
      for (const [error, fields] of (await pipeline.exec().catch(away)) ?? []) {
        if (error) away(error);
        counts.push(countPresence(fields as Record<string, string>, nowMs));
      }
    }
    return counts;
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

/** Each pod's field is its count and until when that holds; `total` is for the function that says changes. */
function countPresence(fields: Readonly<Record<string, string>>, nowMs: number): number {
  let viewers = 0;
  for (const [pod, said] of Object.entries(fields)) {
    const [count, until] = said.split(' ').map(Number);
    if (pod !== 'total' && count !== undefined && until !== undefined && until > nowMs) viewers += count;
  }
  return viewers;
}

function away(error: unknown): never {
  // What our own script refuses is a bug of ours, not an absence.
  if (error instanceof Problem || (error instanceof Error && /^ERR nightjar/.test(error.message)))
    throw error;
  throw commonProblem('unavailable', error);
}
