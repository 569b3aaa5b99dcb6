import { expect, test } from '@jest/globals';
import { COMMANDS, readAmount, readArguments } from './arguments.ts';
import { USAGE, UsageError } from './usage.ts';

test('what is asked is understood', () => {
  expect(readArguments(['tip', 'demo-abc', 'buzz', '--json', '--no-wait'])).toEqual({
    command: 'tip',
    rest: ['demo-abc', 'buzz'],
    options: { json: true, wait: false, buy: true, help: false },
  });
  const id = 'tip_00000000-0000-4000-8000-000000000000';
  expect(readArguments(['tip', '--id', id, '--endpoints', 'http://x']).options).toMatchObject({
    id,
    endpoints: 'http://x',
  });
});

test.each([
  [[], 'say what to do'],
  [['dance'], "no command 'dance'"],
  [['rooms', 'demo'], "rooms takes no 'demo'"],
  [['tip', 'a', 'b', 'c'], "tip takes no 'c'"],
  [['tip', '--id', 'tip_1'], "not a tip's id"],
  [['watch', '--seconds', 'soon'], 'not a number of seconds'],
  [['tip', '--bye'], '--bye'],
])('%j is asked wrongly, and it is said how', (args, words) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(words);
});

test.each(['0', '-1', '1.5', '1e3', '', '1234567890123'])('%j is no number of tokens', (text) => {
  expect(() => readAmount(text)).toThrow(UsageError);
});

test('every command is in the help', () => {
  for (const command of Object.keys(COMMANDS)) expect(USAGE).toContain(`\n  ${command} `);
});
