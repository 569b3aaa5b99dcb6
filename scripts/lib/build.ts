import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { dieWithParent } from '@nightjar/testkit/servers/child';
import { root } from './root.ts';
import type { ServiceName } from './services.ts';

/** Builds what changed. The build tool keeps its own record of that, so an unchanged tree costs under a second. */
export async function build(services?: readonly ServiceName[]): Promise<void> {
  const [command, ...args] = [
    ...dieWithParent(),
    path.join(root, 'node_modules/.bin/turbo'),
    ...['run', 'build', '--output-logs=errors-only', '--log-order=grouped'],
    // With what each of them needs.
    ...(services ?? []).map((name) => `--filter=@nightjar/service-${name}...`),
  ] as [string, ...string[]];
  const turbo = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', CI: 'true' },
  });
  let output = '';
  turbo.stdout.on('data', (data) => {
    output += data;
  });
  turbo.stderr.on('data', (data) => {
    output += data;
  });
  const [code] = (await once(turbo, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the build failed:\n${output.trim()}`);
}
