import { row, say } from '../../lib/print.ts';
import { until } from '../../lib/until.ts';
import { AWAY_MS, INTO_EFFECT_MS, QUIET_MS, STOP_WITHIN_MS } from './limits.ts';
import type { Scene } from './scene.ts';

/** The starter menu's longest: fifteen seconds. */
export const LONG = 'item-4';

export const LOSSES = [
  'esc',
  'bar',
  'question',
  'close',
  'reload',
  'leave',
  'crash',
  'stopped',
  'cut',
] as const;
export type LossName = (typeof LOSSES)[number];

interface Loss {
  readonly what: string;
  /** Nobody waits for it: the time runs from its call. */
  happen(scene: Scene): unknown;
  /** What a person does to be there again. */
  after?(scene: Scene): Promise<void>;
  /** Armed survives it: nothing of the page was lost. */
  readonly staysArmed?: true;
}

function lossesOf(): Readonly<Record<LossName, Loss>> {
  let goOn = (): void => {};
  let stay = (): void => {};
  let cuts = 0;
  return {
    esc: { what: 'Esc', happen: ({ studio }) => studio.escape() },
    bar: { what: 'the stop bar', happen: ({ studio }) => studio.pressStopBar() },
    question: {
      what: 'the browser asks whether the page is to be left, and nobody answers',
      async happen({ studio }) {
        stay = await studio.reloadUnanswered();
      },
      async after() {
        stay();
      },
    },
    close: {
      what: 'the tab is closed',
      happen: ({ studio }) => studio.close(),
      after: ({ studio }) => studio.openAgain(),
    },
    reload: { what: 'the page is reloaded', happen: ({ studio }) => studio.reload() },
    leave: {
      what: 'another page is opened in its place',
      happen: ({ studio }) => studio.leave(),
      after: ({ studio }) => studio.goBack(),
    },
    crash: {
      what: 'the renderer crashes',
      happen: ({ studio }) => studio.crash(),
      after: ({ studio }) => studio.openAgain(),
    },
    stopped: {
      what: 'the renderer is stopped (SIGSTOP)',
      async happen({ studio }) {
        goOn = await studio.stopProcesses();
      },
      async after() {
        await pass(AWAY_MS);
        goOn();
        // What was asked of a device meanwhile must not reach it now.
        await pass(QUIET_MS);
      },
    },
    cut: {
      what: 'the line to the platform is cut: closed or pulled, in turn',
      happen({ line }) {
        cuts += 1;
        if (cuts % 2) line.pull();
        else line.close();
      },
      async after({ line }) {
        await pass(AWAY_MS);
        line.mend();
      },
      staysArmed: true,
    },
  };
}

export interface Losses {
  /** The slowest stop of each, in ms. */
  readonly slowest: Readonly<Record<LossName, number>>;
  /** Nothing was armed but by hand, and every effect that was cut into ended as partly. */
  readonly inOrder: boolean;
}

/** Each of them in the middle of an effect. */
export async function runLosses(scene: Scene, rounds: number): Promise<Losses> {
  const losses = lossesOf();
  const slowest: Record<string, number> = {};
  let inOrder = true;
  await scene.studio.untilArmed();
  for (const name of LOSSES) {
    const loss = losses[name];
    say(loss.what);
    // Both ways to cut a line, whatever the number of rounds.
    for (let round = 0; round < (name === 'cut' ? Math.max(2, rounds) : rounds); round += 1) {
      scene.signal.throwIfAborted();
      const { stopMs, fault } = await once(scene, loss);
      slowest[name] = Math.max(slowest[name] ?? 0, stopMs);
      inOrder &&= fault === '';
      row(stopMs, `the device has its stop${fault && `; BUT ${fault}`}`);
    }
  }
  return { slowest: slowest as Record<LossName, number>, inOrder };
}

async function once(scene: Scene, loss: Loss): Promise<{ stopMs: number; fault: string }> {
  const { studio, device, watch } = scene;
  const { end } = await startLong(scene);
  const atMono = performance.now();
  const happening = loss.happen(scene);
  const stopMs = await device.stopAfter(atMono, STOP_WITHIN_MS);
  watch.mustRest(atMono + stopMs);
  // A page that is closed or left does not always answer.
  await Promise.race([happening, pass(QUIET_MS)]);
  await loss.after?.(scene);
  const byHand = await studio.untilArmed();
  const { stage } = await end;
  const faults = [
    ...(byHand || loss.staysArmed ? [] : ['it was armed by nobody']),
    ...(stage === 'partly' ? [] : [`its tip ended as ${stage}`]),
  ];
  return { stopMs, fault: faults.join(', ') };
}

/** Somebody tips for the longest effect; resolves in its middle. */
export async function startLong({
  viewer,
  device,
  watch,
}: Scene): Promise<{ end: Promise<{ stage: string }> }> {
  watch.mayMove();
  const { end } = viewer.tip({ itemId: LONG });
  await until('the device moves', () => device.moves);
  const { min, max } = INTO_EFFECT_MS;
  await pass(min + Math.random() * (max - min));
  return { end };
}

export function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
