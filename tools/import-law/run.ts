import { globSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { FORBIDDEN } from './rules.ts';

// Holds the checkout to the rules, and a folder of planted violations as well: there every rule must be broken, since a
// tool that reads nothing finds nothing and says all is well.
const checkout = path.resolve(import.meta.dirname, '../..');
const planted = path.join(import.meta.dirname, 'planted');

async function look(baseDir: string): Promise<ICruiseResult['summary']> {
  process.chdir(baseDir);
  const folders = readdirSync(baseDir).filter((name) =>
    ['packages', 'services', 'scripts', 'tests'].includes(name),
  );
  const result = await cruise(folders, {
    baseDir,
    validate: true,
    ruleSet: { forbidden: FORBIDDEN },
    // Types are no coupling at run time, but the rules speak of some of them.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules|/dist/|/gen/' },
    exclude: { path: '/dist/|tools/import-law/planted/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['nightjar-source', 'import', 'node', 'default', 'types'],
    },
  });
  return (result.output as ICruiseResult).summary;
}

let failed = 0;
const fail = (line: string) => {
  failed++;
  process.stdout.write(`${line}\n`);
};

const real = await look(checkout);
for (const { rule, from, to } of real.violations) {
  fail(`${rule.name}: ${from} → ${to} (${FORBIDDEN.find(({ name }) => name === rule.name)?.comment})`);
}
const sources = globSync('{packages,services}/*/{src,server}/**/*.ts', { cwd: checkout }).length;
if (real.totalCruised < sources) fail(`only ${real.totalCruised} of at least ${sources} files were read`);

const broken = new Set((await look(planted)).violations.map(({ rule }) => rule.name));
for (const { name } of FORBIDDEN) {
  if (name && !broken.has(name)) fail(`${name}: its planted violation was not found, so it guards nothing`);
}

if (failed === 0)
  process.stdout.write(`${real.totalCruised} files, ${FORBIDDEN.length} rules, each of which bites\n`);
process.exitCode = failed === 0 ? 0 : 1;
