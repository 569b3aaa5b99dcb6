import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@nightjar/kit/log';
import {
  ROOMS_LOOKED_INTO_MAX,
  SECOND_SWEEP_AFTER_MS,
  SWEEP_AGAIN_MS,
  SWEEP_EVERY_MS,
  SWEEP_GAP_MS_MIN,
} from '../limits.ts';
import type { Swept } from './sweep.ts';

export interface Reconciler extends AsyncDisposable {
  /**
   * Something may have changed, and perhaps who publishes in one room: sweep now rather than at the next turn. Any number
   * of hints is one sweep.
   */
  hint(changedRoom?: string): void;
}

export interface ReconcilerParts {
  readonly sweep: (changedRooms: ReadonlySet<string>) => Promise<Swept>;
  /** Whether this pod is to sweep where nothing hinted. */
  readonly myTurn: () => Promise<boolean>;
  readonly log: Log;
}

/** Sweeps at a pace and when hinted, one sweep at a time, whatever fails. */
export function startReconciler({ sweep, myTurn, log }: ReconcilerParts): Reconciler {
  const stop = new AbortController();
  let hinted = Promise.withResolvers<true>();
  let changed = new Set<string>();
  let waiting = false;

  const pause = (ms: number) =>
    sleep(ms, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
  const hintAfter = (ms: number) => void pause(ms).then(() => hint());
  function hint(changedRoom?: string): void {
    if (changedRoom && changed.size < ROOMS_LOOKED_INTO_MAX) changed.add(changedRoom);
    hinted.resolve(true);
  }

  async function turn(asked: boolean): Promise<void> {
    try {
      if (!asked && !(await myTurn())) return;
      const lookInto = changed;
      changed = new Set();
      const { rooms, participants } = await sweep(lookInto);
      if (waiting) log.info('reconciler_goes_on');
      waiting = false;
      if (rooms + participants > 0) log.info('reconciled', { count: rooms + participants });
      if (participants > 0) hintAfter(SECOND_SWEEP_AFTER_MS);
    } catch (error) {
      // Once for each absence, not for each try.
      if (!waiting) log.warn('reconciler_waits', { error });
      waiting = true;
      hintAfter(SWEEP_AGAIN_MS);
    }
  }

  const loop = (async () => {
    let asked = false;
    while (!stop.signal.aborted) {
      await turn(asked);
      await pause(SWEEP_GAP_MS_MIN);
      asked = (await Promise.race([hinted.promise, pause(SWEEP_EVERY_MS)])) ?? false;
      if (asked) hinted = Promise.withResolvers();
    }
  })();

  return {
    hint,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await loop;
    },
  };
}
