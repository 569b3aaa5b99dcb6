import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { describeError } from './log.ts';
import { commonProblem } from './problem.ts';

/** What a process that runs this prints: the logger writes to its own standard output. */
function printed(level: string, code: string): Record<string, unknown>[] {
  const script = `import { createLog } from '${new URL('./log.ts', import.meta.url).href}';
    const log = createLog('test', '${level}');
    ${code}`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

test('a line has its event and the allowed fields, and nothing else whatever is handed over', () => {
  const [line] = printed(
    'info',
    `log.info('request', { method: 'GET', roomId: 'room_1', address: '192.0.2.7', pseudonym: 'pn_x', note: 'hi', ticket: 't' });`,
  );
  expect(line).toEqual({
    level: 30,
    time: expect.any(String),
    service: 'test',
    event: 'request',
    method: 'GET',
    roomId: 'room_1',
  });
});

test('of an error there is its name, code and place, never its message, which quotes data', () => {
  const lines = printed(
    'info',
    `const error = Object.assign(new TypeError('wallet_7 at 192.0.2.7'), { code: 'E_X', detail: 'pn_x' });
     log.error('broke', { error });
     log.error('broke', { error: 'pn_x' });
     log.error('broke', { error: { message: 'pn_x' } });`,
  );
  expect(JSON.stringify(lines)).not.toMatch(/wallet_7|192\.0|pn_x/);
  expect(lines[0]).toMatchObject({
    errorName: 'TypeError',
    errorCode: 'E_X',
    errorAt: expect.stringContaining('at '),
  });
  expect(lines[1]).toMatchObject({ errorName: 'string' });
});

test('a message of several lines does not get in as a part of the stack', () => {
  const error = new Error('first\nat pn_x (secret)\n    at pn_y');
  expect(describeError(error).errorAt).not.toMatch(/pn_[xy]/);
});

test("a problem's cause is told, not its text", () => {
  const told = describeError(
    commonProblem('unavailable', Object.assign(new Error('pn_x'), { code: 'ECONNRESET' })),
  );
  expect(told).toMatchObject({ errorName: 'Error', errorCode: 'ECONNRESET' });
  expect(JSON.stringify(told)).not.toContain('pn_x');
});

test('below the level nothing is written', () => {
  expect(
    printed('warn', `log.info('no'); log.debug('no'); log.warn('yes');`).map(({ event }) => event),
  ).toEqual(['yes']);
});
