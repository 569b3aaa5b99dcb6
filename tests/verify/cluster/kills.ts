import { setTimeout as delay } from 'node:timers/promises';
import { row } from '../../lib/print.ts';
import { KILL_EVERY_MS } from './limits.ts';
import type { Seeded } from './load/seeded.ts';
import type { Pod, Workloads } from './workloads.ts';

/**
 * Every KILL_EVERY_MS a pod by chance: deleted without grace, or its program killed where it runs; whether the one before is
 * back or not.
 *
 * @returns how many
 */
export async function killPods(
  workloads: Workloads,
  chance: Seeded,
  forMs: number,
  signal: AbortSignal,
  before: () => Promise<void>,
): Promise<number> {
  const startMono = performance.now();
  let killed = 0;
  for (; (killed + 1) * KILL_EVERY_MS <= forMs; killed += 1) {
    const dueMono = startMono + killed * KILL_EVERY_MS;
    await delay(Math.max(0, dueMono - performance.now()), undefined, { signal });
    await before();
    const pods = (await workloads.pods()).filter(({ ready }) => ready);
    const pod = chance.pick(pods);
    const deleted = chance.share() < 0.5;
    await (deleted ? workloads.delete(pod) : workloads.crash(pod));
    row(performance.now() - startMono, `${nameOf(pod, pods)}: ${deleted ? 'deleted' : 'killed'}`);
  }
  await delay(Math.max(0, startMono + forMs - performance.now()), undefined, { signal });
  return killed;
}

function nameOf(pod: Pod, pods: readonly Pod[]): string {
  const alike = pods.filter(({ component }) => component === pod.component);
  return alike.length === 1
    ? pod.component
    : `${pod.component}, ${alike.indexOf(pod) + 1} of ${alike.length}`;
}
