import { pause } from '@nightjar/client/platform';
import type { Seeded } from './seeded.ts';
import type { WatchedViewer } from './watched-viewer.ts';

const AGAIN_MS = 1_000;

/** What viewers do by chance; what failed and may pass is done again under its id, as people are told that they may. */
export abstract class Repeated<T> {
  readonly all: T[] = [];
  protected readonly chance: Seeded;
  protected readonly viewers: readonly WatchedViewer[];
  #givenUp = false;

  constructor(chance: Seeded, viewers: readonly WatchedViewer[]) {
    this.chance = chance;
    this.viewers = viewers;
  }

  get open(): number {
    return this.all.filter((each) => !this.isOver(each)).length;
  }

  /** What has no end yet will have none. */
  giveUp(): void {
    this.#givenUp = true;
  }

  protected abstract isOver(each: T): boolean;

  /** Must not reject. */
  protected abstract once(each: T): Promise<void>;

  protected async follow(each: T): Promise<void> {
    this.all.push(each);
    for (;;) {
      await this.once(each);
      if (this.isOver(each) || this.#givenUp) return;
      await pause(AGAIN_MS);
    }
  }
}
