import type { Log } from '@nightjar/kit/log';
import { isPostgresAway } from '@nightjar/kit/postgres';
import { Problem } from '@nightjar/kit/problem';

/**
 * Repeats a piece of upkeep with a pause between turns; says true to go on at once. A turn that fails is written down and
 * tried again. Disposing waits for the turn under way.
 */
export function every(
  name: string,
  pauseMs: number,
  log: Log,
  turn: () => Promise<boolean>,
): AsyncDisposable {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let turning: Promise<void>;

  async function run(): Promise<void> {
    let more: boolean;
    try {
      do more = await turn();
      while (more && !stopped);
    } catch (error) {
      const away = error instanceof Problem || isPostgresAway(error);
      log[away ? 'warn' : 'error'](`${name}_failed`, { error });
    }
    if (stopped) return;
    timer = setTimeout(() => {
      turning = run();
    }, pauseMs).unref();
  }

  turning = run();
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      await turning;
    },
  };
}
