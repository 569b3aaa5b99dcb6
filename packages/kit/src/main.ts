import { describeError } from './log.ts';

/** How long a service may take to stop before it is ended anyway. */
const STOP_MS_MAX = 35_000;

/** A service's `main`: starts it, waits for a signal, stops it in reverse order. A second signal ends it at once. */
export async function runMain(start: () => Promise<AsyncDisposable>): Promise<void> {
  const crash = (error: unknown) => {
    const text =
      error instanceof Error && error.name === 'SettingsError'
        ? error.message
        : JSON.stringify(describeError(error));
    process.stderr.write(`${text}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  try {
    // A start waits for what it depends on; a signal ends that wait too.
    const service = await Promise.race([start(), signalled]);
    if (!service) process.exit(0);
    await signalled;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
    await service[Symbol.asyncDispose]();
    process.exit(0);
  } catch (error) {
    crash(error);
  }
}
