import { randomId } from '@nightjar/client/ids';
import { pause } from '@nightjar/client/platform';
import { ProblemError } from '@nightjar/client/problem-error';
import type { Seeded } from './seeded.ts';
import type { WatchedViewer } from './watched-viewer.ts';

const AGAIN_MS = 1_000;

export interface SaidLine {
  readonly id: string;
  readonly viewer: WatchedViewer;
  readonly sentMono: number;
  postedMono?: number;
  /** Refused for good. */
  refused?: string;
}

/** Sealed lines by chance and by the clock; one that failed is said again under its id. */
export class Talk {
  readonly all: SaidLine[] = [];
  readonly #chance: Seeded;
  readonly #viewers: readonly WatchedViewer[];
  #givenUp = false;

  constructor(chance: Seeded, viewers: readonly WatchedViewer[]) {
    this.#chance = chance;
    this.#viewers = viewers;
  }

  get open(): number {
    return this.all.filter(({ postedMono, refused }) => postedMono === undefined && refused === undefined)
      .length;
  }

  say(): void {
    const line: SaidLine = {
      id: randomId('msg'),
      viewer: this.#chance.pick(this.#viewers),
      sentMono: performance.now(),
    };
    this.all.push(line);
    void this.#follow(line);
  }

  giveUp(): void {
    this.#givenUp = true;
  }

  async #follow(line: SaidLine): Promise<void> {
    while (!this.#givenUp) {
      try {
        await line.viewer.chat.say(`line ${this.all.length}`, line.id);
        line.postedMono = performance.now();
        return;
      } catch (error) {
        if (!(error instanceof ProblemError && (error.retry || error.code === 'closed'))) {
          line.refused = error instanceof ProblemError ? error.code : String(error);
          return;
        }
      }
      await pause(AGAIN_MS);
    }
  }
}
