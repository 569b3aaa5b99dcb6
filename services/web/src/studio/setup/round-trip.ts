import type { CheckResult } from './connection-check.ts';

/** The middle of the round trips, without the first: it opens the connection. */
export function roundTripResult(tookMs: readonly number[]): CheckResult {
  const sorted = tookMs.slice(1).sort((a, b) => a - b);
  const middle = Math.round(sorted[Math.floor(sorted.length / 2)] ?? tookMs[0] ?? 0);
  if (middle > 600)
    return {
      is: 'good',
      text: `The server answers in ${middle} ms, which is slow: what you say and show comes late.`,
      wayOut: 'A cable instead of Wi-Fi helps most.',
    };
  return { is: 'good', text: `The server answers in ${middle} ms.` };
}
