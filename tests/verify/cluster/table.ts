import { say } from '../../lib/print.ts';
import type { Evening, PhaseFigures } from './load/judge-evening.ts';

const ms = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(0));

const COLUMNS: readonly (readonly [string, (phase: PhaseFigures) => string])[] = [
  ['seconds', ({ seconds }) => seconds.toFixed(0)],
  ['tips', ({ tips }) => `${tips}`],
  ['receipt p50', ({ receiptP50 }) => ms(receiptP50)],
  ['p99', ({ receiptP99 }) => ms(receiptP99)],
  ['longest', ({ receiptMax }) => ms(receiptMax)],
  ['no receipt for', ({ receiptGapMax }) => ms(receiptGapMax)],
  ['a viewer away for', ({ viewerAwayMax }) => ms(viewerAwayMax)],
  ['no permit for', ({ permitAwayMax }) => ms(permitAwayMax)],
  ['lines broken', ({ breaks }) => `${breaks}`],
];

/** What each time was like, in ms where nothing else is said, and what was wrong. */
export function printEvening(evening: Evening): void {
  const first = Math.max(...evening.phases.map(({ name }) => name.length));
  say(`\n${''.padEnd(first)}  ${COLUMNS.map(([title]) => title).join('  ')}`);
  for (const phase of [...evening.phases, evening.all]) {
    const cells = COLUMNS.map(([title, cell]) => cell(phase).padStart(title.length));
    say(`${phase.name.padEnd(first)}  ${cells.join('  ')}`);
  }
  for (const { tipId, what } of evening.tipFaults) say(`WRONG  ${tipId}: ${what}`);
  for (const { who, tokens } of evening.moneyFaults) say(`WRONG  ${who}: ${tokens} tokens too many`);
  for (const { what, ms: by } of evening.violations) say(`WRONG  the device: ${what}, by ${ms(by)} ms`);
  for (const { viewer, what, where } of evening.losses) say(`WRONG  ${viewer}: ${what} at ${where}`);
  for (const why of evening.thrownOut) say(`WRONG  a viewer was thrown out: ${why}`);
  for (const why of evening.latches) say(`WRONG  the bridge was latched: ${why}`);
  if (evening.bridgeEnded) say('WRONG  the bridge lost its seat for good');
}
