/** What a browser that keeps nothing says, whatever it is asked. */
function keepsNothing(error: unknown): boolean {
  return error instanceof DOMException || error instanceof ReferenceError;
}

type Ask = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * The same questions to something that is kept, and to something in memory from the moment on at which it turns out that
 * nothing is kept here. It never goes back: half of a person here and half there would be nobody.
 *
 * @param kept all of its members are functions that answer by a promise, as those of `held`
 */
export function orElse<T extends object>(kept: T, held: T): T {
  let keeps = true;
  const asks = (of: T): Readonly<Record<string, Ask>> => of as Readonly<Record<string, Ask>>;
  const ask =
    (name: string): Ask =>
    async (...args) => {
      if (keeps) {
        try {
          return await asks(kept)[name]?.(...args);
        } catch (error) {
          if (!keepsNothing(error)) throw error;
          keeps = false;
        }
      }
      return asks(held)[name]?.(...args);
    };
  return Object.fromEntries(Object.keys(held).map((name) => [name, ask(name)])) as T;
}
