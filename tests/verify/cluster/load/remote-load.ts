import type { ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { FirstTip } from './first-tip.ts';
import type { Evening } from './judge-evening.ts';
import type { Load, LoadOptions } from './load.ts';

export type Command =
  | { readonly do: 'tip_first'; readonly origin: string; readonly withinMs: number }
  | {
      readonly do: 'start';
      readonly options: Omit<LoadOptions, 'tokens' | 'admit'> & { readonly tokens: string };
    }
  | { readonly do: 'admitted' | 'now' | 'judge' | 'recognised' }
  | { readonly do: 'phase'; readonly name: string }
  | { readonly do: 'settle'; readonly withinMs: number };

export type Answer =
  | { readonly admit: string }
  | { readonly n: number; readonly value: unknown }
  | { readonly n: number; readonly error: string };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The load in a process of its own (main.ts), wherever that was started. It ends when its input does. */
export class RemoteLoad implements Disposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, Waiting>();
  #admit: LoadOptions['admit'] | undefined;
  #last = 0;
  /** Why nobody answers any more. */
  #ended: Error | undefined;

  constructor(child: ChildProcessByStdio<Writable, Readable, null>) {
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.#onAnswer(JSON.parse(line) as Answer));
    child.on('exit', (code, signal) =>
      this.#onEnd(new Error(`the load's program ended (${signal ?? code})`)),
    );
    child.on('error', (cause) => this.#onEnd(new Error("the load's program did not start", { cause })));
    child.stdin.on('error', () => {});
  }

  tipFirst(origin: string, withinMs: number): Promise<FirstTip> {
    return this.#ask({ do: 'tip_first', origin, withinMs });
  }

  start({ admit, tokens, ...options }: LoadOptions): Promise<void> {
    this.#admit = admit;
    return this.#ask({ do: 'start', options: { ...options, tokens: `${tokens}` } });
  }

  phase(name: string): Promise<void> {
    return this.#ask({ do: 'phase', name });
  }

  now(): Promise<string> {
    return this.#ask({ do: 'now' });
  }

  settle(withinMs: number): Promise<void> {
    return this.#ask({ do: 'settle', withinMs });
  }

  judge(): Promise<Evening> {
    return this.#ask({ do: 'judge' });
  }

  recognised(): ReturnType<Load['recognised']> {
    return this.#ask({ do: 'recognised' });
  }

  [Symbol.dispose](): void {
    this.#child.stdin.end();
  }

  #ask<T>(command: Command): Promise<T> {
    this.#last += 1;
    const n = this.#last;
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(n, { resolve: resolve as (value: unknown) => void, reject });
      this.#child.stdin.write(`${JSON.stringify({ n, ...command })}\n`);
    });
  }

  #onEnd(error: Error): void {
    this.#ended ??= error;
    this.#rejectAll(error);
  }

  #rejectAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #onAnswer(answer: Answer): void {
    if ('admit' in answer) {
      void this.#admitted(answer.admit);
      return;
    }
    const waiting = this.#waiting.get(answer.n);
    this.#waiting.delete(answer.n);
    if ('error' in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.value);
  }

  async #admitted(publicKey: string): Promise<void> {
    try {
      await this.#admit?.(publicKey);
      await this.#ask({ do: 'admitted' });
    } catch (error) {
      this.#rejectAll(error as Error);
    }
  }
}
