import { PAGE_SILENT_MS_MAX } from './limits.ts';

/** Whether the page is there: what it answers counts from when it was asked, so that a slow page is not a silent one. */
export class PageWatch {
  readonly #asked = new Map<number, number>();
  #n = 0;
  #answeredMono: number;

  constructor(nowMono: number) {
    this.#answeredMono = nowMono;
  }

  /** @returns the number to ask with */
  ask(nowMono: number): number {
    this.#n += 1;
    this.#asked.set(this.#n, nowMono);
    // Older ones are too late to count.
    for (const [n, mono] of this.#asked) if (nowMono - mono > PAGE_SILENT_MS_MAX) this.#asked.delete(n);
    return this.#n;
  }

  answered(n: number): void {
    const askedMono = this.#asked.get(n);
    if (askedMono !== undefined) this.#answeredMono = Math.max(this.#answeredMono, askedMono);
  }

  isSilent(nowMono: number): boolean {
    return nowMono - this.#answeredMono > PAGE_SILENT_MS_MAX;
  }
}
