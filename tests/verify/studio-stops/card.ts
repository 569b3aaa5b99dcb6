import { stopsWhen } from '@nightjar/bridge/stops-when';
import { row, say } from '../../lib/print.ts';
import { until } from '../../lib/until.ts';
import { QUIET_MS } from './limits.ts';
import { pass, startLong } from './losses.ts';
import type { Scene } from './scene.ts';

interface CardFact {
  readonly mark: string;
  readonly words: string;
}

const MARKS = { stop_sent: 'Stops:', by_itself: 'Stops:', unknown: 'Not known:', runs_on: 'Does not stop:' };

const READ = `(() => {
  const card = document.querySelector('[aria-label="Device and queue"]');
  const facts = [...card.querySelectorAll('details[open] li')].filter((one) => one.checkVisibility());
  return {
    deviceName: card.querySelector('h2').textContent,
    facts: facts.map((one) => ({
      mark: one.querySelector('[aria-label]').getAttribute('aria-label'),
      words: one.textContent.trim(),
    })),
  };
})()`;

/**
 * What cannot be stopped is said beforehand, on the device's card; then it happens: the engine is killed in the middle
 * of an effect, no stop comes, as it was said, and the stop bar says what to do.
 */
export async function cardSays(scene: Scene): Promise<boolean> {
  const { studio, device, engine, watch } = scene;
  say('what the device’s card says, and the engine is killed (SIGKILL)');
  await studio.untilArmed();
  await studio.page.evaluate(
    `document.querySelector('[aria-label="Device and queue"] details > summary').click()`,
  );
  const { deviceName, facts } = await studio.page.evaluate<{ deviceName: string; facts: CardFact[] }>(READ);
  const expected = stopsWhen({ driver: 'intiface', deviceName });
  for (const { mark, words } of facts) say(`           ${mark} ${words}`);
  const named = expected.every(({ ending, words }) =>
    facts.some((fact) => fact.words === words && fact.mark === MARKS[ending]),
  );
  const runsOn = expected.some(({ event, ending }) => event === 'engine_ends' && ending === 'runs_on');
  await startLong(scene);
  const atMono = performance.now();
  await engine.kill();
  let bar = '';
  await until('the stop bar says that the link is lost', async () => {
    ({ bar } = await studio.words());
    return bar.startsWith('Link lost');
  });
  row(performance.now() - atMono, `stop bar: ${bar}`);
  await pass(QUIET_MS);
  const stopped = device.levels.some(({ atMono: at, level }) => at > atMono && level === 0);
  watch.mustRest(performance.now());
  say(`           ${stopped ? 'a stop came all the same' : 'no stop came: it is as the card says'}`);
  return named && runsOn && !stopped && bar.includes('switch it off by hand');
}
