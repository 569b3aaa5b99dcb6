import { randomId } from '@nightjar/client/ids';
import { ProblemError } from '@nightjar/client/problem-error';
import { Repeated } from './repeated.ts';
import type { WatchedViewer } from './watched-viewer.ts';

export interface SaidLine {
  readonly id: string;
  readonly viewer: WatchedViewer;
  readonly sentMono: number;
  postedMono?: number;
  /** Refused for good. */
  refused?: string;
}

/** Sealed lines by chance and by the clock. */
export class Talk extends Repeated<SaidLine> {
  say(): void {
    void this.follow({
      id: randomId('msg'),
      viewer: this.chance.pick(this.viewers),
      sentMono: performance.now(),
    });
  }

  protected isOver({ postedMono, refused }: SaidLine): boolean {
    return postedMono !== undefined || refused !== undefined;
  }

  protected async once(line: SaidLine): Promise<void> {
    try {
      await line.viewer.chat.say(`line ${this.all.length}`, line.id);
      line.postedMono = performance.now();
    } catch (error) {
      if (error instanceof ProblemError && (error.retry || error.code === 'closed')) return;
      line.refused = error instanceof ProblemError ? error.code : String(error);
    }
  }
}
