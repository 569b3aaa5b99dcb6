import type { BrowserPage } from '../../pages/lib/browser.ts';

/** As the browser tells of one. */
export interface Frame {
  /** Seconds on the browser's own monotonic clock. */
  readonly timestamp: number;
  readonly response: { readonly payloadData: string };
}

/** Looks at the bridge's socket from the browser's side: whether its permit ever ran out. */
export class PermitWatch {
  readonly #askedAt = new Map<number, number>();
  #untilSeconds: number | undefined;
  #answers = 0;
  #lapses = 0;

  static async start(page: BrowserPage): Promise<PermitWatch> {
    const watch = new PermitWatch();
    await page.session.workers((worker) => {
      worker.on('Network.webSocketFrameSent', (frame) => watch.sent(frame as unknown as Frame));
      worker.on('Network.webSocketFrameReceived', (frame) => watch.received(frame as unknown as Frame));
      void worker.send('Network.enable');
    });
    return watch;
  }

  get answers(): number {
    return this.#answers;
  }

  get lapses(): number {
    return this.#lapses;
  }

  sent({ timestamp, response }: Frame): void {
    const n = askOf(response.payloadData)?.n;
    if (n !== undefined) this.#askedAt.set(n, timestamp);
  }

  received({ timestamp, response }: Frame): void {
    const answer = askOf(response.payloadData);
    if (answer === undefined) return;
    const askedAt = this.#askedAt.get(answer.n);
    if (askedAt === undefined) return;
    this.#askedAt.delete(answer.n);
    this.#answers += 1;
    if (this.#untilSeconds !== undefined && timestamp > this.#untilSeconds) this.#lapses += 1;
    this.#untilSeconds = askedAt + (answer.forMs ?? 0) / 1_000;
  }
}

function askOf(text: string): { n: number; forMs?: number } | undefined {
  if (!text.startsWith('{')) return undefined;
  const message = JSON.parse(text) as { t?: string; n?: number; forMs?: number };
  if (message.t !== 'permit' || message.n === undefined) return undefined;
  return { n: message.n, ...(message.forMs === undefined ? {} : { forMs: message.forMs }) };
}
