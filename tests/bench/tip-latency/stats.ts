/** Latencies in milliseconds, by tip. */
export interface Latencies {
  readonly sent: number;
  readonly arrived: number;
  readonly p50: number;
  readonly p99: number;
}

/** What was sent and never arrived counts as the longest there is: a lost tip must not make a figure better. */
export function latencies(
  sentNs: ReadonlyMap<string, bigint>,
  arrivedNs: ReadonlyMap<string, bigint>,
): Latencies {
  const all: number[] = [];
  let arrived = 0;
  for (const [id, sent] of sentNs) {
    const at = arrivedNs.get(id);
    if (at === undefined) all.push(Number.POSITIVE_INFINITY);
    else {
      arrived += 1;
      all.push(Number(at - sent) / 1e6);
    }
  }
  all.sort((a, b) => a - b);
  const quantile = (q: number) => all[Math.min(all.length - 1, Math.floor(all.length * q))] ?? Number.NaN;
  return { sent: all.length, arrived, p50: quantile(0.5), p99: quantile(0.99) };
}

/** Calls `send` at a steady pace: so many a second in all, for so many seconds, whatever the answers take. */
export async function paced(perSecond: number, seconds: number, send: (i: number) => void): Promise<void> {
  const total = Math.round(perSecond * seconds);
  const startedAt = performance.now();
  for (let i = 0; i < total; i++) {
    const due = startedAt + (i * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    send(i);
  }
}
