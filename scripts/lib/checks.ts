import type { Tally } from './print.ts';

export async function runChecks(): Promise<Tally> {
  return { passed: 0, failed: 0 };
}
