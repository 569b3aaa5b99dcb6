import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from './build.ts';
import { runTied } from './children.ts';
import { say, seconds, type Tally } from './print.ts';
import { root } from './root.ts';

/** A check is a name and work that throws, saying what is wrong. None needs a server. */
interface Check {
  readonly name: string;
  run(): Promise<unknown>;
}

const bin = (name: string) => path.join(root, 'node_modules/.bin', name);
const toolsBin = (name: string) => path.join(root, 'tools/node_modules/.bin', name);

export const CHECKS: readonly Check[] = [
  {
    name: 'format and lint',
    run: () => command(bin('biome'), 'ci', '--colors=off', '--max-diagnostics=50', '.'),
  },
  // Tests and scripts too; the build of each package is by the same compiler, from the same settings.
  {
    name: 'types',
    async run() {
      for (const project of ['tsconfig.json', 'tests/tsconfig.json', 'services/web/tsconfig.test.json'])
        await command(bin('tsc'), '-p', project);
    },
  },
  { name: 'build', run: () => build() },
  { name: 'import law', run: () => command(process.execPath, 'tools/import-law/run.ts') },
  { name: 'no clock and no chance in domain', run: async () => noClockInDomain() },
  {
    name: 'dead code',
    run: () => command(toolsBin('knip'), '--config', 'tools/knip.json', '--no-config-hints', '--no-progress'),
  },
  { name: 'contracts: lint', run: () => command(bin('buf'), 'lint') },
  { name: 'contracts: format', run: () => command(bin('buf'), 'format', '--diff', '--exit-code') },
  {
    name: 'contracts: nothing breaks',
    run: () => command(bin('buf'), 'breaking', '--against', '.git#ref=HEAD'),
  },
  { name: 'contracts: generated code is current', run: generatedIsCurrent },
  {
    name: 'reference pages are current',
    run: () => command(process.execPath, '--conditions=nightjar-source', 'scripts/reference.ts', '--check'),
  },
];

export async function runChecks(only: readonly string[] = []): Promise<Tally> {
  const wanted = CHECKS.filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)));
  if (wanted.length === 0)
    throw new Error(`no such check; there are: ${CHECKS.map(({ name }) => name).join(', ')}`);
  let passed = 0;
  for (const check of wanted) {
    const start = performance.now();
    try {
      await check.run();
      passed++;
      say(`${seconds(performance.now() - start)}  ok      ${check.name}`);
    } catch (error) {
      say(`${seconds(performance.now() - start)}  FAILED  ${check.name}\n${(error as Error).message}\n`);
    }
  }
  return { passed, failed: wanted.length - passed };
}

async function command(program: string, ...args: string[]): Promise<void> {
  const { code, output } = await runTied(program, args, {
    ...process.env,
    // Generators are found by name.
    PATH: `${path.join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    NO_COLOR: '1',
  });
  if (code !== 0) throw new Error(`${output}\n(${path.basename(program)} ${args.join(' ')}: ${code})`);
}

async function generatedIsCurrent(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-generated-'));
  try {
    await command(bin('buf'), 'generate', '--output', folder);
    await command('diff', '-r', 'packages/contracts/gen', path.join(folder, 'packages/contracts/gen'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// Imports are the import law's; these need none.
const IMPURE =
  /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|process\.|setTimeout|setInterval|random(Bytes|UUID|Int|FillSync)|getRandomValues|fetch\()/;

function noClockInDomain(): void {
  const faults = globSync('services/*/src/domain/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) =>
      readFileSync(path.join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (IMPURE.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    );
  if (faults.length > 0) throw new Error(`time and chance are handed to domain code:\n${faults.join('\n')}`);
}
