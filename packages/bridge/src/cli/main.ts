#!/usr/bin/env node
import { run } from './run.ts';

const leaving = new AbortController();
// Stops are written first; a second signal does not wait for their answers.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (leaving.signal.aborted) process.exit(130);
    leaving.abort();
  });
}
// Rule 7, where nobody caught it: stop, then end. The end of the process closes the device's link.
for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(fault, (error) => {
    process.exitCode = 1;
    leaving.abort();
    setTimeout(() => process.exit(1), 1_000).unref();
    process.stderr.write(`nightjar-bridge: ${error instanceof Error ? error.stack : String(error)}\n`);
  });
}
process.stdout.on('error', () => leaving.abort());
const code = await run(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  leaving,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
process.exit(process.exitCode ?? code);
