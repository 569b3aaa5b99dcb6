import { runChecks } from './lib/checks.ts';
import { closingLine, say } from './lib/print.ts';

// `scripts/check lint` runs those whose name has the word.
try {
  const tally = await runChecks(process.argv.slice(2));
  process.stdout.write(`${closingLine(tally)}\n`);
  process.exitCode = tally.failed > 0 ? 1 : 0;
} catch (error) {
  say((error as Error).message);
  process.exitCode = 2;
}
