import type { Journal } from './journal.ts';
import type { BridgeLink } from './link.ts';
import { OUTCOME_RESEND_MS } from './machine/limits.ts';
import { type OutcomeBody, type OutcomeKey, signOutcome } from './outcome.ts';
import type { Timers } from './timers.ts';

/**
 * Outcomes on their way: kept over crashes, signed, sent, and sent again until payments has acknowledged them or the
 * server has refused them for good.
 */
export class Outbox {
  readonly #journal: Journal;
  readonly #key: OutcomeKey;
  readonly #link: BridgeLink;
  readonly #timers: Timers;
  readonly #onFault: (detail: string) => void;
  readonly #sending = new Set<Promise<void>>();
  #up = false;
  #cancelResend: (() => void) | undefined;

  constructor(
    journal: Journal,
    key: OutcomeKey,
    link: BridgeLink,
    timers: Timers,
    onFault: (detail: string) => void,
  ) {
    this.#journal = journal;
    this.#key = key;
    this.#link = link;
    this.#timers = timers;
    this.#onFault = onFault;
  }

  /** Keeps an outcome, then sends it. Throws when it cannot be kept. */
  put(body: OutcomeBody, trace?: string): void {
    this.#journal.append({ k: 'outcome', body, ...(trace === undefined ? {} : { trace }) });
    if (!this.#up) return;
    this.#send(body, trace);
    this.#resendLater();
  }

  /** Payments has it. Told for others' tips too, which changes nothing. */
  settled(tipId: string): void {
    const { unacked, rejected } = this.#journal;
    if ([...unacked, ...rejected].some(({ body }) => body.tipId === tipId))
      this.#journal.append({ k: 'acked', tipId });
  }

  /** It is kept, marked, and not sent again. @returns whether it was an outcome on its way, so that it is shown once */
  rejected(tipId: string, code: string): boolean {
    if (!this.#journal.unacked.some(({ body }) => body.tipId === tipId)) return false;
    this.#journal.append({ k: 'rejected', tipId, code });
    return true;
  }

  linkUp(): void {
    this.#up = true;
    this.#sendAll();
  }

  linkDown(): void {
    this.#up = false;
    this.#cancelResend?.();
    this.#cancelResend = undefined;
  }

  #sendAll(): void {
    for (const { body, trace } of this.#journal.unacked) this.#send(body, trace);
    this.#resendLater();
  }

  #resendLater(): void {
    if (this.#cancelResend !== undefined || this.#journal.unacked.length === 0) return;
    this.#cancelResend = this.#timers.after(OUTCOME_RESEND_MS, () => {
      this.#cancelResend = undefined;
      if (this.#up) this.#sendAll();
    });
  }

  /** Resolves when every outcome so far is signed and handed to the link. */
  async flush(): Promise<void> {
    await Promise.all(this.#sending);
  }

  #send(body: OutcomeBody, trace?: string): void {
    const sending = this.#signAndSend(body, trace).finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  async #signAndSend(body: OutcomeBody, trace?: string): Promise<void> {
    try {
      const signed = await signOutcome(this.#key, body);
      // While it was signed the link may have gone; it is sent again when it is back.
      if (this.#up) this.#link.sendOutcome(body.tipId, signed, trace);
    } catch (error) {
      this.#onFault(`an outcome could not be sent: ${String(error)}`);
    }
  }
}
