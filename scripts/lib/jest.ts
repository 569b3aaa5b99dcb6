import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnTied } from './children.ts';
import { say, type Tally } from './print.ts';
import { root } from './root.ts';

export type Project = 'unit' | 'integration' | 'e2e';

const TIMEOUT_MS: Readonly<Record<Project, number>> = { unit: 10_000, integration: 30_000, e2e: 120_000 };

interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Runs one project. A test that is skipped counts as failed, and so does a file that cannot be run. */
export async function runJest(
  project: Project,
  jestArgs: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Tally> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-jest-'));
  try {
    const outputFile = path.join(folder, 'results.json');
    const args = [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      path.join(root, 'node_modules/jest/bin/jest.js'),
      ...['--selectProjects', project, '--passWithNoTests', '--testTimeout', `${TIMEOUT_MS[project]}`],
      ...['--json', '--outputFile', outputFile],
      // Files of one part share the machine with servers, so as many at a time as there are cores and no more.
      ...(project === 'e2e' ? ['--runInBand'] : ['--maxWorkers', '100%']),
      ...jestArgs,
    ];
    const jest = spawnTied(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    const [code] = (await once(jest, 'exit')) as [number | null];
    const results = await readFile(outputFile, 'utf8').then(
      (text) => JSON.parse(text) as JestResults,
      () => undefined,
    );
    if (!results) {
      say(`jest ended with ${code} and no results`);
      return { passed: 0, failed: 1 };
    }
    const skipped = results.numPendingTests + results.numTodoTests;
    if (skipped > 0) say(`${skipped} tests were skipped: that counts as failed`);
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + skipped;
    return { passed: results.numPassedTests, failed: Math.max(failed, code === 0 ? 0 : 1) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
