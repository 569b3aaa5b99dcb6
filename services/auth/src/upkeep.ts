import { isPostgresAway } from '@nightjar/kit/postgres';
import { Problem } from '@nightjar/kit/problem';
import type { Context } from './context.ts';
import { cleanChallenges } from './store/challenges.ts';

/** Well below the age at which a view of the keys is too old. */
const UPKEEP_EVERY_MS = 20_000;
/** Until the first time that all went well, it is tried so often. */
const FIRST_TRIES_MS = 500;

/** What auth does by itself: keys in time, old challenges and silent addresses forgotten. */
export async function startUpkeep(context: Context): Promise<AsyncDisposable> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function turn(): Promise<void> {
    const nowMs = context.clock.mono();
    context.challengeLimits.forget(nowMs);
    context.signInLimits.forget(nowMs);
    try {
      await context.ring.tend();
      await cleanChallenges(context.db, new Date(context.clock.wall()));
    } catch (error) {
      const away = error instanceof Problem || isPostgresAway(error);
      context.log[away ? 'warn' : 'error']('upkeep_failed', { error });
    }
    if (!stopped) timer = setTimeout(run, context.ring.ready ? UPKEEP_EVERY_MS : FIRST_TRIES_MS).unref();
  }

  let turning = Promise.resolve();
  function run(): void {
    turning = turn();
  }
  run();
  await turning;
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      await turning;
    },
  };
}
