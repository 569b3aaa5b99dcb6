import type { ClientMessage, Sealed } from '@nightjar/contracts/ws-protocol';
import { newTrace, randomId } from './ids.ts';
import {
  LEDGER_PAUSE_MS,
  LEDGER_TRIES_MAX,
  TIP_ORDER_MS,
  TIP_RECEIPT_MS_MAX,
  TIP_RETRY_MS,
  TIP_RETRY_MS_MAX,
  TIP_STAGES_MAX,
} from './limits.ts';
import { PLATFORM, type Platform, pause } from './platform.ts';
import { localProblem, ProblemError } from './problem-error.ts';
import type { RoomConnection } from './room-connection.ts';
import { isEnd, nextStage, type TipEnd, type TipNews, type TipStage } from './tip-life.ts';
import type { Wallet } from './wallet.ts';

export interface TipParts {
  readonly connection: RoomConnection;
  readonly wallet: Wallet;
  readonly platform?: Platform;
}

export interface TipRequest {
  /** An item of the room's menu; its price is the amount. */
  readonly itemId?: string;
  /** Tokens, where there is no item. */
  readonly amount?: bigint;
  /** Sealed to the room. */
  readonly note?: Sealed;
  /** Of a tip that was sent before and whose answer never came: it happens at most once. */
  readonly tipId?: string;
}

export interface TipReceipt {
  readonly tipId: string;
  /** The room's sequence number of it: the same for the same tip. */
  readonly seq: string;
  readonly held: boolean;
  /** RFC 3339: when its effect may no longer begin. */
  readonly startBy?: string;
}

/**
 * A tip on its way. Iterate over it for its stages, from the first on, however late; it ends with the tip. Nothing has
 * to be done for it to go on.
 */
export interface Tip extends AsyncIterable<TipStage> {
  readonly tipId: string;
  readonly amount: bigint;
  /** W3C traceparent of the whole life. */
  readonly trace: string;
  /** Rejects with ProblemError when it was refused, or no answer came. */
  readonly receipt: Promise<TipReceipt>;
  /** Never rejects: a failure is an end too. */
  readonly end: Promise<TipEnd>;
}

/**
 * Tips in a room. The same tip is sent again, under the same id, over reconnects and refusals that may pass, for up to
 * TIP_RECEIPT_MS_MAX.
 *
 * @throws ProblemError `not_in_menu`; RangeError when neither an item nor an amount is given
 */
export function sendTip(parts: TipParts, request: TipRequest): Tip {
  return new RunningTip(parts, request);
}

class RunningTip implements Tip {
  readonly tipId: string;
  readonly amount: bigint;
  readonly trace = newTrace();
  readonly receipt: Promise<TipReceipt>;
  readonly end: Promise<TipEnd>;
  readonly #parts: TipParts;
  readonly #request: TipRequest;
  readonly #platform: Platform;
  readonly #startMono: number;
  readonly #stages: TipStage[] = [];
  readonly #off: (() => void)[] = [];
  #asking = false;
  #ended = Promise.withResolvers<TipEnd>();
  #news = Promise.withResolvers<void>();

  constructor(parts: TipParts, request: TipRequest) {
    const { connection } = parts;
    const item = request.itemId === undefined ? undefined : connection.menuItem(request.itemId);
    if (request.itemId !== undefined && !item) throw localProblem('not_in_menu');
    const amount = item ? BigInt(item.price) : request.amount;
    if (amount === undefined || amount < 1n)
      throw new RangeError('a tip is for an item or an amount of 1 or more');
    this.#parts = parts;
    this.#request = request;
    this.#platform = parts.platform ?? PLATFORM;
    this.#startMono = this.#platform.mono();
    this.tipId = request.tipId ?? randomId('tip');
    this.amount = amount;
    this.end = this.#ended.promise;
    this.#follow(connection);
    this.#hear({ is: 'sent' });
    this.receipt = this.#getReceipt();
    this.receipt.then(
      ({ held, startBy }) =>
        this.#hear({ is: 'receipt', held, ...(startBy === undefined ? {} : { startBy }) }),
      (error) => this.#fail(error),
    );
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TipStage> {
    for (let i = 0; ; ) {
      const stage = this.#stages[i];
      if (stage) {
        yield stage;
        if (isEnd(stage)) return;
        i += 1;
      } else {
        await this.#news.promise;
      }
    }
  }

  #follow(connection: RoomConnection): void {
    this.#off.push(
      connection.on('entry', ({ entry }) => this.#hear({ is: 'entry', entry })),
      connection.on('welcome', ({ snapshot, recovered }) => {
        // What became of it may have been told while nobody listened; the ledger knows.
        if (!recovered && !snapshot.tips.some(({ tipId }) => tipId === this.tipId)) void this.#askLedger();
      }),
      connection.on('phase', ({ phase, reason }) => {
        if (phase !== 'closed') return;
        const title = reason?.why ?? 'the connection is closed';
        this.#hear({
          is: 'end',
          end: { stage: 'failed', code: reason?.code ?? 'closed', title, retry: true },
        });
      }),
    );
  }

  #hear(news: TipNews): void {
    const stage = nextStage(this, this.#stages.at(-1), news);
    if (!stage || (this.#stages.length >= TIP_STAGES_MAX && !isEnd(stage))) return;
    this.#stages.push({ ...stage, atMs: this.#platform.mono() - this.#startMono });
    const { resolve } = this.#news;
    this.#news = Promise.withResolvers<void>();
    resolve();
    if (!isEnd(stage)) return;
    for (const off of this.#off) off();
    this.#ended.resolve(stage);
  }

  #fail(error: unknown): void {
    const { code, title, retry } = error instanceof ProblemError ? error : { ...BUG, title: String(error) };
    this.#hear({ is: 'end', end: { stage: 'failed', code, title, retry } });
  }

  async #getReceipt(): Promise<TipReceipt> {
    const { connection } = this.#parts;
    const giveUp = setTimeout(() => connection.forget(this.tipId), TIP_RECEIPT_MS_MAX);
    try {
      for (let tried = 0; ; tried += 1) {
        try {
          return await this.#ask();
        } catch (error) {
          const waitMs = this.#retryMs(error, tried);
          if (waitMs === undefined) throw error;
          await pause(waitMs);
        }
      }
    } finally {
      clearTimeout(giveUp);
    }
  }

  async #ask(): Promise<TipReceipt> {
    const reply = await this.#parts.connection.ask(this.tipId, await this.#message());
    if (reply.t !== 'receipt') throw localProblem('not_understood');
    const { tipId, seq, held, startBy } = reply;
    return { tipId, seq, held, ...(startBy === undefined ? {} : { startBy }) };
  }

  async #message(): Promise<ClientMessage> {
    const { connection, wallet } = this.#parts;
    const { itemId, note } = this.#request;
    const order = await wallet.order({
      tipId: this.tipId,
      roomId: connection.roomId,
      amount: this.amount,
      ...(itemId === undefined ? {} : { itemId }),
      expiresAt: Math.round(connection.serverNowMs) + TIP_ORDER_MS,
    });
    return {
      t: 'tip',
      id: this.tipId,
      amount: `${this.amount}`,
      ...(itemId === undefined ? {} : { itemId }),
      order,
      ...(note ? { note } : {}),
      trace: this.trace,
    };
  }

  /** How long to wait before the same tip is sent again; undefined where it will not. */
  #retryMs(error: unknown, tried: number): number | undefined {
    if (!(error instanceof ProblemError)) return undefined;
    const { wallet } = this.#parts;
    if (error.code === 'tip_order_key_unknown' && tried === 0) {
      wallet.forgetOrderKey();
      return 0;
    }
    // An order that ran out while the room was away is made anew; both are the same tip.
    const passes = error.code === 'tip_order_expired' || (error.retry && error.code !== 'no_answer');
    const waitMs =
      Math.min(TIP_RETRY_MS * 2 ** tried, TIP_RETRY_MS_MAX) * (0.5 + this.#platform.random() / 2);
    const leftMs = TIP_RECEIPT_MS_MAX - (this.#platform.mono() - this.#startMono);
    return passes && waitMs < leftMs ? waitMs : undefined;
  }

  async #askLedger(): Promise<void> {
    if (this.#asking || this.#stages.at(-1)?.stage === 'sending') return; // its receipt is still to come
    this.#asking = true;
    for (let tried = 0; tried < LEDGER_TRIES_MAX; tried += 1) {
      try {
        const { result, settled, returned, ranMs } = await this.#parts.wallet.tip(this.tipId);
        if (result) this.#hear({ is: 'end', end: { stage: result, settled, returned, ranMs } });
        break;
      } catch {
        await pause(LEDGER_PAUSE_MS);
      }
    }
    this.#asking = false;
  }
}

const BUG = { code: 'internal', retry: false } as const;
