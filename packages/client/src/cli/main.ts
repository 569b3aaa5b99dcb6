#!/usr/bin/env node
import { run } from './run.ts';

const leaving = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    leaving.abort();
    // A second one does not wait.
    process.once(signal, () => process.exit(130));
  });
}
// What is piped into `head` ends when it does.
process.stdout.on('error', () => process.exit(0));
const code = await run(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  signal: leaving.signal,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
process.exit(code);
