import { expect, test } from '@jest/globals';
import { readWhoTalks } from './who-talks.ts';

const page = (rows: string) =>
  `# Architecture\n\n## Who talks to whom\n\nWords.\n\n| from | to | port | why |\n|---|---|---|---|\n${rows}\n\n## Next\n\n| a | b |\n`;

test('the table is read as it stands', () => {
  expect(readWhoTalks(page('| edge, rooms | livekit | http (7880) | signalling |'))).toEqual([
    { from: ['edge', 'rooms'], to: ['livekit'], port: 'http', numbers: ['7880'] },
  ]);
  expect(readWhoTalks(page('| services | dns | dns (53/UDP, 53) | names |'))[0]).toMatchObject({
    from: expect.arrayContaining(['auth', 'web']),
    numbers: ['53/UDP', '53'],
  });
});

test('a page without it, and a row that cannot be read, are refused', () => {
  expect(() => readWhoTalks('# Architecture\n')).toThrow('no table');
  expect(() => readWhoTalks(page('| edge | auth | 8080 | no name |'))).toThrow('no row of');
});
