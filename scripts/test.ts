import { bringEngines, close, isPart, PARTS, type PartResult, runPart, timedPart } from './lib/parts.ts';
import { say } from './lib/print.ts';

const argv = process.argv.slice(2);
const dashes = argv.indexOf('--');
const named = dashes === -1 ? argv : argv.slice(0, dashes);
const jestArgs = dashes === -1 ? [] : argv.slice(dashes + 1);

if (!named.every(isPart)) {
  say(`scripts/test [${PARTS.join('|')}]... [-- arguments for jest]`);
  process.exit(2);
}
const wanted = PARTS.filter((part) => named.length === 0 || named.includes(part));

const results: PartResult[] = [];
for (const part of wanted) {
  if (part === 'integration' || (part === 'e2e' && !wanted.includes('integration'))) {
    const engines = await timedPart('engines', bringEngines);
    results.push(engines);
  }
  results.push(await timedPart(part, () => runPart(part, jestArgs)));
}
process.exitCode = close(results);
