/** A value that pages show: what is known now, and whoever wants to hear of changes. */
export interface Readable<T> {
  readonly current: T;
  /** @returns what ends it */
  subscribe(listener: () => void): () => void;
}

export class Store<T> implements Readable<T> {
  #current: T;
  readonly #listeners = new Set<() => void>();

  constructor(first: T) {
    this.#current = first;
  }

  get current(): T {
    return this.#current;
  }

  set(next: T): void {
    if (Object.is(next, this.#current)) return;
    this.#current = next;
    for (const listener of this.#listeners) listener();
  }

  update(change: (current: T) => T): void {
    this.set(change(this.#current));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
