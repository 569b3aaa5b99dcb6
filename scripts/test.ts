import { type EngineName, findEngine } from '@nightjar/testkit/servers/engines';
import { testPostgres, useContainers } from '@nightjar/testkit/test-servers';
import { runChecks } from './lib/checks.ts';
import { runJest } from './lib/jest.ts';
import { closingLine, say, seconds, sum, type Tally } from './lib/print.ts';

const PARTS = ['check', 'unit', 'integration', 'e2e'] as const;
type Part = (typeof PARTS)[number];

const ENGINES: Readonly<Record<Part, readonly EngineName[]>> = {
  check: [],
  unit: [],
  integration: ['postgres', 'valkey', 'nats', 'livekit', 'intiface'],
  e2e: ['postgres', 'valkey', 'nats', 'livekit', 'intiface'],
};

const argv = process.argv.slice(2);
const dashes = argv.indexOf('--');
const named = dashes === -1 ? argv : argv.slice(0, dashes);
const jestArgs = dashes === -1 ? [] : argv.slice(dashes + 1);

const unknown = named.filter((name) => !PARTS.includes(name as Part));
if (unknown.length > 0) {
  say(`scripts/test [${PARTS.join('|')}]... [-- arguments for jest]\nno such part: ${unknown.join(', ')}`);
  process.exit(2);
}
const wanted = named.length === 0 ? PARTS : PARTS.filter((part) => named.includes(part));

const tallies: { name: string; tally: Tally; ms: number }[] = [];
for (const part of wanted) {
  say(`\n=== ${part}`);
  const start = performance.now();
  const tally = await runPart(part);
  tallies.push({ name: part, tally, ms: performance.now() - start });
}

say();
for (const { name, tally, ms } of tallies) {
  process.stdout.write(`${seconds(ms)}  ${name.padEnd(12)} ${closingLine(tally)}\n`);
}
const total = sum(tallies.map(({ tally }) => tally));
process.stdout.write(`${closingLine(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;

async function runPart(part: Part): Promise<Tally> {
  if (part === 'check') return runChecks();
  const missing = await bring(ENGINES[part]);
  if (part === 'unit') return sum([missing, await runJest('unit', jestArgs, process.env)]);
  const given = process.env.NIGHTJAR_TEST_POSTGRES_URL;
  try {
    await using postgres = given ? undefined : await testPostgres();
    const url = given ?? postgres?.url;
    return sum([missing, await runJest(part, jestArgs, { ...process.env, NIGHTJAR_TEST_POSTGRES_URL: url })]);
  } catch (error) {
    say(`FAILED  ${(error as Error).message}`);
    return sum([missing, { passed: 0, failed: 1 }]);
  }
}

// Before the tests, whose time limits are not made for a compiler's minutes. What is missing is a failure by itself.
async function bring(names: readonly EngineName[]): Promise<Tally> {
  let failed = 0;
  const inContainers: readonly EngineName[] = useContainers() ? ['postgres', 'valkey', 'nats'] : [];
  for (const name of names) {
    if (inContainers.includes(name)) continue;
    try {
      await findEngine(name);
    } catch (error) {
      failed++;
      say(`FAILED  ${(error as Error).message}`);
    }
  }
  return { passed: 0, failed };
}
