import { once } from 'node:events';
import path from 'node:path';
import { spawnTied } from './lib/children.ts';
import { bringEngines, close, type PartResult, runPart, timedPart } from './lib/parts.ts';
import type { Tally } from './lib/print.ts';
import { namesIn } from './lib/programs.ts';
import { root } from './lib/root.ts';

// Engines that must be compiled take minutes, in which checks and unit tests have long run.
const results: PartResult[] = [];
const bringing = timedPart('engines', bringEngines);
results.push(await timedPart('check', () => runPart('check', [])));
results.push(await timedPart('unit', () => runPart('unit', [])));
results.push(await bringing);
results.push(await timedPart('integration', () => runPart('integration', [])));
results.push(await timedPart('e2e', () => runPart('e2e', [])));
for (const name of namesIn('verify')) results.push(await timedPart(`verify ${name}`, () => verify(name)));
process.exitCode = close(results);

async function verify(name: string): Promise<Tally> {
  const args = [...process.execArgv, path.join(root, 'scripts/verify.ts'), name, '--short', '--json'];
  const child = spawnTied(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
