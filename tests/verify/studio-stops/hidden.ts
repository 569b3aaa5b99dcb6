import { row, say } from '../../lib/print.ts';
import { until } from '../../lib/until.ts';
import { EFFECT_SLACK_MS, STOP_WITHIN_MS } from './limits.ts';
import { pass, startLong } from './losses.ts';
import { PermitWatch } from './permit-watch.ts';
import type { Scene } from './scene.ts';

/** The starter menu's shortest effect. */
const SHORT = { itemId: 'item-1', durationMs: 3_000 } as const;

export interface HiddenFigures {
  readonly hiddenMs: number;
  readonly tips: number;
  /** Tips whose effect the device had once, whole, and whose viewer was told so. */
  readonly ran: number;
  /** Permits that ran out before the next one came. */
  readonly lapses: number;
  /** The longest that the page's own timer of 100 ms was late: how much the browser slowed the page down. */
  readonly timerGapMs: number;
  /** From when the tab was called back to the stop by Esc. */
  readonly stopMs: number;
}

/** Another tab is in front for a long time; tips come all the while; then somebody comes back and stops. */
export async function hide(scene: Scene, forMs: number, tipEveryMs: number): Promise<HiddenFigures> {
  const { studio, browser, device, watch, signal } = scene;
  say(`another tab is in front for ${forMs / 1_000} s`);
  await studio.untilArmed();
  const { page } = studio;
  const permits = await PermitWatch.start(page);
  await page.evaluate(`globalThis.ticks = { gap: 0, last: performance.now() };
    setInterval(() => { ticks.gap = Math.max(ticks.gap, performance.now() - ticks.last); ticks.last = performance.now(); }, 100)`);
  const other = await browser.newPage('about:blank');
  await until('the tab is hidden', () => page.evaluate<boolean>('document.hidden'));
  const hiddenMono = performance.now();
  let tips = 0;
  let ran = 0;
  while (performance.now() - hiddenMono < forMs) {
    signal.throwIfAborted();
    const nextMono = performance.now() + tipEveryMs;
    tips += 1;
    const fault = await tipWhole(scene);
    if (fault === '') ran += 1;
    else say(`           tip ${tips}: ${fault}`);
    await pass(Math.max(0, Math.min(nextMono, hiddenMono + forMs) - performance.now()));
  }
  const hidden = await page.evaluate<boolean>('document.hidden');
  if (!hidden) throw new Error('the tab was not hidden until the end');
  const timerGapMs = await page.evaluate<number>('Math.max(ticks.gap, performance.now() - ticks.last)');
  await startLong(scene);
  const hiddenMs = performance.now() - hiddenMono;
  const atMono = performance.now();
  await page.show();
  await studio.escape();
  const stopMs = await device.stopAfter(atMono, STOP_WITHIN_MS);
  watch.mustRest(atMono + stopMs);
  await other.close();
  if (permits.answers === 0) throw new Error('no permit was seen');
  say(`           ${ran} of ${tips} tips ran; ${permits.answers} permits, ${permits.lapses} ran out`);
  row(timerGapMs, 'the longest that a timer of the page was away');
  row(stopMs, 'the tab is called back, Esc: the device has its stop');
  return { hiddenMs, tips, ran, lapses: permits.lapses, timerGapMs, stopMs };
}

/** @returns what was wrong with it, or nothing */
async function tipWhole({ viewer, device, watch }: Scene): Promise<string> {
  const sinceMono = performance.now();
  watch.mayMove();
  const { stage } = await viewer.tip({ itemId: SHORT.itemId }).end;
  await until('it rests', () => !device.moves);
  const levels = device.levels.filter(({ atMono }) => atMono >= sinceMono);
  const first = levels.findIndex(({ level }) => level > 0);
  const stop = levels.findIndex(({ level }, at) => at > first && level === 0);
  const fromMono = levels[first]?.atMono ?? sinceMono;
  const toMono = levels[stop]?.atMono ?? sinceMono;
  // It may not begin anew after its first rest.
  watch.mustRest(toMono);
  if (stage !== 'ran') return `ended as ${stage}`;
  const ms = toMono - fromMono;
  if (Math.abs(ms - SHORT.durationMs) > EFFECT_SLACK_MS) return `took ${Math.round(ms)} ms at the device`;
  return '';
}
