import { expect, test } from '@jest/globals';
import { stopsWhen } from './stops-when.ts';

const endings = (deviceName?: string) =>
  stopsWhen({ driver: 'intiface', ...(deviceName === undefined ? {} : { deviceName }) }).map(
    ({ event, ending }) => `${event} ${ending}`,
  );

test('what cannot be stopped is said of every device on an engine', () => {
  expect(endings('Lovense Hush')).toEqual([
    'network stop_sent',
    'page_ends by_itself',
    'page_hangs by_itself',
    'engine_ends runs_on',
    'out_of_reach unknown',
  ]);
});

test.each(['Satisfyer Curvy 2+', 'Lovense Hush, Kiiroo Keon'])('the engine repeats itself to %s', (name) => {
  expect(endings(name).at(-1)).toBe('out_of_reach runs_on');
});

test.each(['simulated', 'intiface', 'bluetooth'] as const)(
  '%s: what has a bound is within the published one',
  (driver) => {
    for (const { ending, withinMs } of stopsWhen({ driver })) {
      if (ending === 'stop_sent' || ending === 'by_itself') expect(withinMs).toBeLessThanOrEqual(1_000);
      else expect(withinMs).toBeUndefined();
    }
  },
);
