import { expect, test } from '@jest/globals';
import { logWords } from './bridge-log.ts';

test('a stop is said to be sent, and never to have been done', () => {
  expect(logWords({ atMs: 0, is: 'stop_sent', answered: true })).toBe('Stop sent');
  expect(logWords({ atMs: 0, is: 'stop_sent', answered: false })).toBe('Stop sent, not confirmed yet');
  expect(logWords({ atMs: 0, is: 'latched', why: 'panic' })).toBe('Disarmed by your stop');
});
