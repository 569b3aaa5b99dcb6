/**
 * The studio's stops: the real page behind the real edge, live, with a device behind a real engine, and a tip's effect
 * under way; then everything that may happen to a page or to its person. Measured where the device's bytes arrive.
 */
import type { Program } from '../../scripts/lib/programs.ts';
import { oneDecimal } from '../lib/print.ts';
import { cardSays } from './studio-stops/card.ts';
import { hide } from './studio-stops/hidden.ts';
import {
  HIDDEN_MS,
  HIDDEN_SHORT_MS,
  ROUNDS,
  ROUNDS_SHORT,
  STOP_MS_MAX,
  TIP_EVERY_MS,
  TIP_EVERY_SHORT_MS,
} from './studio-stops/limits.ts';
import { LOSSES, runLosses } from './studio-stops/losses.ts';
import { buildScene } from './studio-stops/scene.ts';

export const run: Program = async ({ args, signal }) => {
  const short = args.includes('--short');
  await using scene = await buildScene(signal, short);
  const { slowest, inOrder } = await runLosses(scene, short ? ROUNDS_SHORT : ROUNDS);
  const hidden = await hide(
    scene,
    short ? HIDDEN_SHORT_MS : HIDDEN_MS,
    short ? TIP_EVERY_SHORT_MS : TIP_EVERY_MS,
  );
  const says = await cardSays(scene);
  const moved = scene.watch.movedOutside;
  const stops = [...Object.values(slowest), hidden.stopMs];
  const ok =
    inOrder &&
    stops.every((ms) => ms <= STOP_MS_MAX) &&
    hidden.tips > 0 &&
    hidden.ran === hidden.tips &&
    hidden.lapses === 0 &&
    moved === 0 &&
    says;
  return {
    verify: 'studio-stops',
    ok,
    ...Object.fromEntries(LOSSES.map((name) => [`stop_after_${name}_ms`, oneDecimal(slowest[name])])),
    stop_after_hidden_ms: oneDecimal(hidden.stopMs),
    hidden_minutes: oneDecimal(hidden.hiddenMs / 60_000),
    hidden_tips: hidden.tips,
    hidden_tips_ran: hidden.ran,
    hidden_permits_lapsed: hidden.lapses,
    hidden_timer_gap_ms: oneDecimal(hidden.timerGapMs),
    moved_without_permit: moved,
    card_says: says,
  };
};
