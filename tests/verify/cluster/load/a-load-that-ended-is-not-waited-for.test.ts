import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { RemoteLoad } from './remote-load.ts';

const started = (program: string, ...args: string[]) =>
  spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });

test('what is asked while the program runs is refused when it ends', async () => {
  const child = started(process.execPath, '--eval', "process.stdin.once('data', () => process.exit(3))");
  using load = new RemoteLoad(child);
  await expect(load.now()).rejects.toThrow("the load's program ended (3)");
});

test('what is asked of a program that has ended, with nothing on its way, is refused at once', async () => {
  const child = started(process.execPath, '--eval', 'process.exit(3)');
  using load = new RemoteLoad(child);
  await once(child, 'exit');
  await expect(load.judge()).rejects.toThrow("the load's program ended (3)");
});

test('what is asked of a program that cannot be started is refused', async () => {
  using load = new RemoteLoad(started('/there/is/no/such/program'));
  await expect(load.now()).rejects.toThrow("the load's program did not start");
  await expect(load.now()).rejects.toThrow("the load's program did not start");
});
