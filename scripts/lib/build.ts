import path from 'node:path';
import { runTied } from './children.ts';
import { root } from './root.ts';

/**
 * Builds what changed, for these packages of ours (`service-auth`, `demo`) or for everything. The build tool keeps its own record of that, so an unchanged
 * tree costs under a second.
 */
export async function build(packages: readonly string[] = []): Promise<void> {
  const { code, output } = await runTied(
    path.join(root, 'node_modules/.bin/turbo'),
    [
      ...['run', 'build', '--output-logs=errors-only', '--log-order=grouped'],
      // With what each of them needs.
      ...packages.map((name) => `--filter=@nightjar/${name}...`),
    ],
    {
      ...process.env,
      CI: 'true',
      NO_COLOR: '1',
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    },
  );
  if (code !== 0) throw new Error(`the build failed:\n${output}`);
}
