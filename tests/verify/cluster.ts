/**
 * The chart on a real cluster: installed until a tip moves the demo's device, then restarted, upgraded, rolled back and
 * killed pod by pod under a crowd that tips and talks, whose every tip, line and movement is accounted for; then taken away
 * and put back, with everybody's tokens where they were. `--short` leaves out upgrades and what is kept, and kills less;
 * `--seed N` is another evening; `--logs FOLDER` keeps the logs of all pods.
 */
import { parseArgs } from 'node:util';
import type { Program } from '../../scripts/lib/programs.ts';
import { oneDecimal, say } from '../lib/print.ts';
import { fullEvening, type Kept, shortEvening } from './cluster/evenings.ts';
import { figuresOf } from './cluster/figures.ts';
import { SEED, VERSION_BEFORE } from './cluster/limits.ts';
import { chartVersion } from './cluster/release.ts';
import { buildScene } from './cluster/scene.ts';
import { printEvening } from './cluster/table.ts';

export const run: Program = async ({ args, signal }) => {
  const options = parseArgs({
    args: [...args],
    options: { short: { type: 'boolean' }, seed: { type: 'string' }, logs: { type: 'string' } },
  }).values;
  const seed = Number(options.seed ?? SEED);
  const version = await chartVersion();
  await using scene = await buildScene(options.short ? [version] : [version, VERSION_BEFORE], options.logs);
  signal.addEventListener('abort', () => void scene[Symbol.asyncDispose]());
  const evening = await (options.short ? shortEvening : fullEvening)(scene, { seed, signal }).catch(
    async (error: unknown) => {
      if (!signal.aborted) say(await scene.cluster.kubectl(['get', 'pods', '--all-namespaces']));
      throw error;
    },
  );
  const { judged, kept, ...rest } = evening;
  printEvening(judged);
  const { ok, ...figures } = figuresOf(judged);
  // A room's log begins anew with its Redis, and never by itself.
  const unexplained = Math.max(0, judged.epochs - rest.valkeys);
  return {
    verify: 'cluster',
    ok: ok && unexplained === 0 && (kept === undefined || isKept(kept)),
    install_to_tip_s: oneDecimal(rest.installToTipMs / 1_000),
    install_to_ready_s: oneDecimal(rest.installToReadyMs / 1_000),
    ...figures,
    epochs_unexplained: unexplained,
    pods_killed: rest.killed,
    ...(kept
      ? {
          kept_things: kept.things,
          kept_after_deletion: kept.leftAfterDeletion,
          kept_accounts: kept.accounts,
          kept_wallets: kept.wallets,
        }
      : {}),
  };
};

function isKept({ things, leftAfterDeletion, accounts, wallets, of }: Kept): boolean {
  return things > 0 && leftAfterDeletion === 0 && accounts === of && wallets === of;
}
