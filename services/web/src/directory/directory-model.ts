import type { ProblemError } from '@nightjar/client/problem-error';
import type { LiveRoom } from '@nightjar/client/rooms';
import { Store } from '../lib/store.ts';
import { PAGE_ROOMS, REFRESH_ROOMS_MAX, TAGS_OFFERED_MAX } from './limits.ts';
import { appendRooms, mergeRooms, type ShownRoom, settleRooms, tagsOf } from './room-list.ts';

export interface DirectoryView {
  /** `failed`: there is nothing to show, and why is in `problem`. */
  readonly phase: 'loading' | 'shown' | 'failed';
  readonly rooms: readonly ShownRoom[];
  /** How many rooms went live since the list was put in order. */
  readonly waiting: number;
  readonly more: 'none' | 'there' | 'asking' | 'failed';
  /** Why what is shown may be old. */
  readonly problem?: DirectoryProblem;
  readonly tags: readonly string[];
  /** Only rooms with this tag are shown. */
  readonly tag?: string;
  /** When the list was last known to be so; ms since 1970. */
  readonly atMs: number;
}

export interface DirectoryProblem {
  readonly title: string;
  /** Nothing can be reached at all: most likely the person's own connection. */
  readonly offline: boolean;
}

type ListRooms = (page: {
  limit: number;
  cursor?: string;
}) => Promise<{ rooms: readonly LiveRoom[]; next?: string }>;

export interface DirectoryParts {
  readonly list: ListRooms;
  /** ms since 1970 */
  readonly now: () => number;
}

/** Who is live. Refreshed in place: a list that somebody is about to press in does not move by itself. */
export class Directory {
  readonly view: Store<DirectoryView>;
  readonly #parts: DirectoryParts;
  #waiting: readonly LiveRoom[] = [];
  #next: string | undefined;
  #asking: Promise<void> | undefined;

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
    this.view = new Store<DirectoryView>({
      phase: 'loading',
      rooms: [],
      waiting: 0,
      more: 'none',
      tags: [],
      atMs: parts.now(),
    });
  }

  /**
   * Asks again; one ask at a time.
   *
   * @param settle puts the list in order too, when nobody has begun to look at it
   */
  refresh({ settle = false }: { settle?: boolean } = {}): Promise<void> {
    this.#asking ??= this.#refresh(settle).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Puts the new rooms at their place and takes away those that ended. */
  settle(): void {
    const rooms = settleRooms({ rooms: this.view.current.rooms, waiting: this.#waiting });
    this.#waiting = [];
    this.#show({ rooms });
  }

  async more(): Promise<void> {
    const cursor = this.#next;
    if (cursor === undefined || this.view.current.more === 'asking') return;
    this.#show({ more: 'asking' });
    try {
      const page = await this.#parts.list({ limit: PAGE_ROOMS, cursor });
      this.#next = page.next;
      this.#show({ rooms: appendRooms(this.view.current.rooms, page.rooms), more: this.#moreState() });
    } catch (error) {
      problemOf(error);
      this.#show({ more: 'failed' });
    }
  }

  /** Shows rooms with this tag alone; the same once more, or undefined, shows all again. */
  choose(tag: string | undefined): void {
    const { tag: before, ...rest } = this.view.current;
    this.view.set(tag === undefined || tag === before ? rest : { ...rest, tag });
  }

  async #refresh(settle: boolean): Promise<void> {
    const shown = this.view.current.rooms.length;
    const limit = Math.min(Math.max(PAGE_ROOMS, shown), REFRESH_ROOMS_MAX);
    try {
      const { rooms: fetched, next } = await this.#parts.list({ limit });
      const { rooms } = this.view.current;
      const merged = mergeRooms(rooms, fetched, next === undefined);
      // Further down than one refresh looks, the way on is still the one from there.
      if (rooms.length <= limit) this.#next = next;
      this.#waiting = merged.waiting;
      const untouched = settle || merged.rooms.every(({ ended }) => ended);
      const { problem: _, ...view } = this.view.current;
      this.view.set({ ...view, phase: 'shown', atMs: this.#parts.now() });
      this.#show({ rooms: merged.rooms, more: this.#moreState() });
      if (untouched) this.settle();
    } catch (error) {
      const problem = problemOf(error);
      this.#show({ problem, phase: this.view.current.phase === 'shown' ? 'shown' : 'failed' });
    }
  }

  #moreState(): DirectoryView['more'] {
    return this.#next === undefined ? 'none' : 'there';
  }

  #show(change: Partial<DirectoryView>): void {
    this.view.update((current) => {
      const next = { ...current, ...change };
      const tags = tagsOf(next.rooms, TAGS_OFFERED_MAX);
      // A chosen tag stays to be unchosen, even when its last room has ended.
      const offered = next.tag !== undefined && !tags.includes(next.tag) ? [...tags, next.tag] : tags;
      return { ...next, tags: offered, waiting: this.#waiting.length };
    });
  }
}

/** @throws what is no problem of the platform, but a fault of ours. */
function problemOf(error: unknown): DirectoryProblem {
  const { name, code, title } = error as ProblemError;
  if (name !== 'ProblemError') throw error;
  return { title, offline: code === 'unreachable' || code === 'timed_out' };
}
