import { commonProblem, Problem } from '@nightjar/kit/problem';

export interface GatherOptions<In, Out> {
  /** Answers a batch, one for one. Safe to call again with the same. */
  readonly run: (batch: readonly In[]) => Promise<readonly Out[]>;
  /** Two items that share a key never go in one batch. */
  readonly keys: (item: In) => readonly string[];
  readonly batchMax: number;
  readonly callsMax: number;
  readonly waitingMax: number;
}

interface Waiting<In, Out> {
  readonly item: In;
  resolve(out: Out): void;
  reject(error: unknown): void;
}

/**
 * Gathers what arrives while calls are under way into the next call; with a call free an item goes at once and alone, so
 * gathering costs a single one nothing. Throws Problem `overloaded` when too many wait.
 */
export function gather<In, Out>(options: GatherOptions<In, Out>): (item: In) => Promise<Out> {
  const { run, keys, batchMax, callsMax, waitingMax } = options;
  let waiting: Waiting<In, Out>[] = [];
  let calls = 0;

  function next(): Waiting<In, Out>[] {
    const taken = new Set<string>();
    const batch: Waiting<In, Out>[] = [];
    const left: Waiting<In, Out>[] = [];
    for (const each of waiting) {
      const own = keys(each.item);
      // What waits for a twin keeps its keys taken, so that nothing behind it overtakes.
      const free = batch.length < batchMax && !own.some((key) => taken.has(key));
      for (const key of own) taken.add(key);
      (free ? batch : left).push(each);
    }
    waiting = left;
    return batch;
  }

  async function call(batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const outs = await run(batch.map(({ item }) => item));
      if (outs.length !== batch.length) throw new Error('a batch was not answered one for one');
      batch.forEach(({ resolve }, i) => {
        resolve(outs[i] as Out);
      });
    } catch (error) {
      // One bad item must not fail its neighbours. A problem, such as an absent server, is everybody's.
      if (batch.length > 1 && !(error instanceof Problem)) for (const each of batch) await call([each]);
      else for (const { reject } of batch) reject(error);
    }
  }

  function start(): void {
    while (calls < callsMax && waiting.length > 0) {
      calls += 1;
      void call(next()).finally(() => {
        calls -= 1;
        start();
      });
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= waitingMax) return reject(commonProblem('overloaded'));
      waiting.push({ item, resolve, reject });
      start();
    });
}
