import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '../lib/until.ts';
import { type Evening, startEvening } from './evening.ts';

const TEST_MS_MAX = 60_000;

let evening: Evening;
beforeAll(async () => {
  evening = await startEvening();
}, 120_000);
afterAll(async () => {
  await evening?.[Symbol.asyncDispose]();
}, TEST_MS_MAX);

test(
  'what is typed in one terminal is read in another, and the demo keeps the keys between',
  async () => {
    const code = expect.stringMatching(/^([0-9]{5} ){5}[0-9]{5}$/);
    expect(evening.said).toContainEqual({ is: 'chat', phase: 'keeping', code });
    const typed = await evening.type('good evening\n\nis this on?', 'chat');
    expect(typed.code).toBe(0);
    expect(typed.lines.filter(({ offset }) => offset !== undefined)).toHaveLength(2);
    const seen = await evening.viewer('watch', '--seconds', '3');
    expect(seen.code).toBe(0);
    // Told before their key came, and again with it.
    const lines = seen.lines.filter(({ is, text }) => is === 'line' && text !== undefined);
    expect(lines.map(({ text }) => text)).toEqual(['good evening', 'is this on?']);
    expect(new Set(lines.map(({ from }) => from)).size).toBe(1);
    // What the log itself has of them is sealed.
    const entries = seen.lines.filter(
      ({ is, entry }) => is === 'entry' && (entry as { kind: string }).kind === 'chat',
    );
    expect(JSON.stringify(entries)).toContain('nightjar-chat-v1');
    expect(JSON.stringify(entries)).not.toContain('evening');
  },
  TEST_MS_MAX,
);

test(
  'the demo room has a face, a goal and a still',
  async () => {
    let live: Record<string, unknown> | undefined;
    await until('there is a still', async () => {
      live = (await evening.viewer('rooms')).lines[0];
      return live?.still !== undefined;
    });
    expect(live).toMatchObject({ tags: ['demo', 'simulated-device'] });
    const still = await fetch(String(live?.still));
    expect(still.headers.get('content-type')).toBe('image/png');
    expect((await still.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
    const { lines } = await evening.viewer('watch', '--seconds', '1');
    const welcome = lines.find(({ is }) => is === 'welcome') as
      | { snapshot: Record<string, object> }
      | undefined;
    expect(welcome?.snapshot.goal).toMatchObject({
      goal: { title: 'An evening of slow waves', amount: '1000' },
    });
    expect(welcome?.snapshot.room).toMatchObject({ tags: ['demo', 'simulated-device'] });
  },
  TEST_MS_MAX,
);
