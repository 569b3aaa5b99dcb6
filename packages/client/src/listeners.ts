/** Typed listeners. One that throws does not keep the others from hearing; its error is the program's, uncaught. */
export class Listeners<Events extends object> {
  readonly #of = new Map<keyof Events, Set<(event: never) => void>>();

  /** @returns what takes the listener away again */
  on<K extends keyof Events>(kind: K, listener: (event: Events[K]) => void): () => void {
    const listeners = this.#of.get(kind) ?? new Set();
    this.#of.set(kind, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  tell<K extends keyof Events>(kind: K, event: Events[K]): void {
    for (const listener of [...(this.#of.get(kind) ?? [])] as ((event: Events[K]) => void)[]) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
