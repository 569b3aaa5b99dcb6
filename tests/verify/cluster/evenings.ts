import { setTimeout as delay } from 'node:timers/promises';
import { SERVICES } from '../../../scripts/lib/services.ts';
import { row, say } from '../../lib/print.ts';
import { killPods } from './kills.ts';
import {
  CALM_MS,
  FIRST_TIP_MS_MAX,
  KILLS_MS,
  KILLS_SHORT_MS,
  LINES_PER_SECOND,
  SETTLE_MS_MAX,
  TIPS_PER_SECOND,
  TOKENS,
  VIEWERS,
} from './limits.ts';
import type { Evening } from './load/judge-evening.ts';
import { seeded } from './load/seeded.ts';
import { CHART, CHART_BEFORE } from './release.ts';
import type { Scene } from './scene.ts';

export interface EveningOptions {
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface EveningResult {
  readonly judged: Evening;
  /** From the start of `helm install` to the outcome of a tip that moved the demo's device. */
  readonly installToTipMs: number;
  /** Until every pod was ready. */
  readonly installToReadyMs: number;
  readonly killed: number;
  /** Valkey's containers that were seen: each is a new epoch of the room's log. */
  readonly valkeys: number;
  /** Only where it was taken away and put back. */
  readonly kept?: Kept;
}

export interface Kept {
  /** Secrets and claims that outlived the release. */
  readonly things: number;
  /** Of them left after the one command that forgets everything. */
  readonly leftAfterDeletion: number;
  readonly accounts: number;
  readonly wallets: number;
  readonly of: number;
}

/** For machines: installed, tipped, every service restarted at once, a few pods killed. */
export async function shortEvening(scene: Scene, options: EveningOptions): Promise<EveningResult> {
  const { workloads } = scene;
  const installed = await installAndTip(scene, CHART);
  const crowd = await startCrowd(scene, options);
  await crowd.phase('everything restarts at once', async () => {
    const services = (await workloads.all()).filter(({ component }) => SERVICE_NAMES.has(component));
    await Promise.all(services.map((service) => workloads.restart(service)));
  });
  const killed = await crowd.kill(KILLS_SHORT_MS);
  return { ...installed, judged: await crowd.end(), killed, valkeys: crowd.valkeys };
}

/** For people: all of it. */
export async function fullEvening(scene: Scene, options: EveningOptions): Promise<EveningResult> {
  const { release, workloads, load } = scene;
  const installed = await installAndTip(scene, CHART);
  const things = await takeAway(scene);
  await release.deleteData();
  const leftAfterDeletion = (await release.kept()).length;
  say(
    `           ${things} Secrets and claims were kept, and ${leftAfterDeletion} are left after their deletion\n`,
  );

  await installAndTip(scene, CHART_BEFORE);
  const crowd = await startCrowd(scene, options);
  await crowd.phase('upgrade', () => release.upgrade(CHART));
  await crowd.phase('rollback', () => release.rollback());
  await crowd.phase('upgrade again', () => release.upgrade(CHART));
  for (const workload of await workloads.all())
    await crowd.phase(`${workload.component} restarts`, () => workloads.restart(workload));
  const killed = await crowd.kill(KILLS_MS);
  const judged = await crowd.end();

  await takeAway(scene);
  await installAndTip(scene, CHART);
  const recognised = await load.recognised();
  say(
    `           ${recognised.accounts} accounts and ${recognised.wallets} wallets of ${recognised.of} are as they were`,
  );
  const kept = { things, leftAfterDeletion, ...recognised };
  return { ...installed, judged, killed, valkeys: crowd.valkeys, kept };
}

const SERVICE_NAMES: ReadonlySet<string> = new Set(SERVICES.map(({ name }) => name));

/** Installs a chart; somebody at the front door tips as soon as they can. */
async function installAndTip({ release, workloads, load }: Scene, chart: string) {
  say(`helm install (${chart.endsWith('.tgz') ? 'the chart before' : 'this chart'})`);
  const startMono = performance.now();
  const startMs = Date.now();
  const since = () => performance.now() - startMono;
  const tipping = load.tipFirst(release.origin, FIRST_TIP_MS_MAX);
  const preparing = (async () => {
    await release.install(chart);
    row(since(), 'helm has handed everything over');
    await workloads.untilAllReady();
    const readyMs = since();
    row(readyMs, 'every pod is ready');
    return readyMs;
  })();
  const [tip, installToReadyMs] = await Promise.all([tipping, preparing]);
  const installToTipMs = tip.endedMs - startMs;
  row(installToTipMs, `a tip for ${tip.item} has moved the demo's device: ${tip.stages.join(', ')}\n`);
  return { installToTipMs, installToReadyMs };
}

/** @returns how many things outlived it */
async function takeAway({ release }: Scene): Promise<number> {
  const startMono = performance.now();
  await release.uninstall();
  row(performance.now() - startMono, 'helm uninstall');
  return (await release.kept()).length;
}

async function startCrowd({ release, workloads, load }: Scene, { seed, signal }: EveningOptions) {
  const startMono = performance.now();
  await load.start({
    origin: release.origin,
    seed,
    viewers: VIEWERS,
    tipsPerSecond: TIPS_PER_SECOND,
    linesPerSecond: LINES_PER_SECOND,
    tokens: TOKENS,
    admit: (publicKey) => release.addBroadcaster(publicKey),
  });
  row(
    performance.now() - startMono,
    `${VIEWERS} viewers are in a room of their own, and tip and talk (seed ${seed})`,
  );
  const valkeys = new Set<string>();
  const lookAtValkey = async () => {
    const pods = (await workloads.pods()).filter(({ component }) => component === 'valkey');
    for (const { containers } of pods) for (const container of containers) valkeys.add(container);
  };
  const begin = async (name: string) => {
    signal.throwIfAborted();
    await lookAtValkey();
    await load.phase(name);
  };
  await begin('calm');
  await delay(CALM_MS, undefined, { signal });
  return {
    get valkeys() {
      return valkeys.size;
    },
    async phase(name: string, work: () => Promise<void>): Promise<void> {
      const workMono = performance.now();
      await begin(name);
      await work();
      // What it breaks may break a moment later.
      await delay(CALM_MS, undefined, { signal });
      row(performance.now() - workMono, `${name}: ${await load.now()}`);
    },
    async kill(forMs: number): Promise<number> {
      await begin('pods are killed');
      const killed = await killPods(workloads, seeded(seed), forMs, signal, lookAtValkey);
      await workloads.untilAllReady();
      return killed;
    },
    async end(): Promise<Evening> {
      const endMono = performance.now();
      await begin('calm again');
      await delay(CALM_MS, undefined, { signal });
      await load.settle(SETTLE_MS_MAX);
      await lookAtValkey();
      row(performance.now() - endMono, `it comes to rest: ${await load.now()}`);
      return load.judge();
    },
  };
}
