import { WebSocket } from 'ws';
import { row, say } from '../../lib/print.ts';
import { until } from '../../lib/until.ts';
import { type Scene, TITLE } from './scene.ts';
import type { ViewerPage } from './viewer-page.ts';

/** Long enough that no frame of a picture that still runs could be missed. */
const QUIET_MS = 3_000;

const LINES = ['the kettle sings in the morning', 'and the moon answers at night'] as const;

/** Two viewers talk; what they said is then looked for in every store, on the bus and in the logs. */
export async function talk({ search, studio }: Scene, one: ViewerPage, other: ViewerPage): Promise<number> {
  say('\na line from one viewer to the other, and one back');
  await one.say(LINES[0]);
  await other.reads(LINES[0]);
  await other.say(LINES[1]);
  await one.reads(LINES[1]);
  await studio.page.locator('[data-line]', { hasText: LINES[1] }).waitFor();
  const found = await search.find(LINES);
  for (const { where, what } of found) say(`           plain: '${what}' in ${where}`);
  const control = await search.find([TITLE]);
  if (control.length === 0) throw new Error('the search does not even find what is there');
  say(
    `           ${found.length} plain lines on the server; the room's title, which is public, in ${new Set(control.map(({ where }) => where)).size} places`,
  );
  return found.length;
}

/** The studio bans somebody: their socket and their picture end, and nothing that they still hold lets them back in. */
export async function ban(
  { studio, origin }: Scene,
  viewer: ViewerPage,
): Promise<{ lastFrameMs: number; out: boolean }> {
  say('\na ban');
  const { page } = studio;
  const line = page.locator('[data-line]', { hasText: LINES[1] });
  await line.getByRole('button', { name: /^Ban / }).click();
  await page.evaluate(() => {
    const seen = { clickedMs: 0 };
    Object.assign(window, { nightjarBan: seen });
    addEventListener(
      'click',
      () => {
        seen.clickedMs = Date.now();
      },
      { capture: true, once: true },
    );
  });
  await studio.press('Ban');
  const clickedMs = await page.evaluate(
    () => (window as unknown as { nightjarBan: { clickedMs: number } }).nightjarBan.clickedMs,
  );
  await viewer.page.getByText('You were removed from this room').waitFor();
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  const { lastFrameMs } = await viewer.seen();
  row(lastFrameMs - clickedMs, 'from the press to the last frame that the banned one saw');
  const answers = await Promise.all(viewer.grants.map(tryAgain));
  say(`           ${answers.length} old grants at the gate: ${answers.join(', ')}`);
  await viewer.page.goto(`${origin}/`);
  await viewer.page.goBack();
  await until('the page says that there is no such room', () =>
    viewer.page.getByText('There is no such room').isVisible(),
  );
  say('           the page, opened again: there is no such room');
  return {
    lastFrameMs: Math.max(0, lastFrameMs - clickedMs),
    out: answers.length > 0 && answers.every((status) => status !== 101),
  };
}

/** Shows an old grant at the gate. @returns the status; 101 is an open door */
function tryAgain(url: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => resolve(0));
  });
}
