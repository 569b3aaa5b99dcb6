import { type EngineName, engines, findEngine } from '@nightjar/testkit/servers/engines';
import { testPostgres, useContainers } from '@nightjar/testkit/test-servers';
import { runChecks } from './checks.ts';
import { runJest } from './jest.ts';
import { closingLine, say, seconds, sum, type Tally } from './print.ts';

export const PARTS = ['check', 'unit', 'integration', 'e2e'] as const;
export type Part = (typeof PARTS)[number];

export interface PartResult {
  readonly name: string;
  readonly tally: Tally;
  readonly ms: number;
}

export function isPart(name: string): name is Part {
  return (PARTS as readonly string[]).includes(name);
}

export async function timedPart(name: string, run: () => Promise<Tally>): Promise<PartResult> {
  say(`\n=== ${name}`);
  const start = performance.now();
  const tally = await run().catch((error: Error) => {
    say(`FAILED  ${error.message}`);
    return { passed: 0, failed: 1 };
  });
  return { name, tally, ms: performance.now() - start };
}

export async function runPart(part: Part, jestArgs: readonly string[]): Promise<Tally> {
  if (part === 'check') return runChecks();
  if (part === 'unit') return runJest('unit', jestArgs, process.env);
  const given = process.env.NIGHTJAR_TEST_POSTGRES_URL;
  await using postgres = given ? undefined : await testPostgres();
  const url = given ?? postgres?.url;
  // Awaited here: the server ends with this scope.
  return await runJest(part, jestArgs, { ...process.env, NIGHTJAR_TEST_POSTGRES_URL: url });
}

/** A verification that wants one of these brings it itself; no test does. */
const NOT_FOR_TESTS: readonly EngineName[] = ['compose'];

/**
 * Before the tests, whose time limits are not made for a compiler's minutes. What cannot be had is a failure by itself,
 * with the way to get it.
 */
export async function bringEngines(): Promise<Tally> {
  const inContainers: readonly EngineName[] = useContainers() ? ['postgres', 'valkey', 'nats'] : [];
  const wanted = (Object.keys(engines) as EngineName[]).filter(
    (name) => !inContainers.includes(name) && !NOT_FOR_TESTS.includes(name),
  );
  const results = await Promise.allSettled(wanted.map((name) => findEngine(name)));
  let failed = 0;
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    failed++;
    say(`FAILED  ${(result.reason as Error).message}`);
  }
  return { passed: 0, failed };
}

/** The times of the parts, and the one line that continuous integration reads. */
export function close(results: readonly PartResult[]): number {
  process.stdout.write('\n');
  for (const { name, tally, ms } of results) {
    process.stdout.write(`${seconds(ms)}  ${name.padEnd(20)} ${closingLine(tally)}\n`);
  }
  const total = sum(results.map(({ tally }) => tally));
  process.stdout.write(`${closingLine(total)}\n`);
  return total.failed > 0 ? 1 : 0;
}
