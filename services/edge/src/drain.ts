import { FACTS_HEADER, factsSigner, signFacts } from '@nightjar/kit/signed-facts';
import { DRAIN_GRACE_MS, DRAIN_LOOK_EVERY_MS, GOING_MS_MAX } from './limits.ts';

/** Tells events that this edge goes: it tells every socket that came through it, on whichever pod. Throws when it cannot. */
export async function sayGoing(options: {
  eventsUrl: string;
  edgeKey: string;
  instance: string;
}): Promise<void> {
  const { eventsUrl, edgeKey, instance } = options;
  const facts = { edge: instance, address: '127.0.0.1' };
  const said = await signFacts(facts, await factsSigner(edgeKey), Date.now());
  const answer = await fetch(new URL('/edge/v1/going', eventsUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', [FACTS_HEADER]: said },
    body: JSON.stringify({ edge: instance }),
    signal: AbortSignal.timeout(GOING_MS_MAX),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`events answered ${answer.status}`);
}

/** Waits until no socket is open any more, or the grace is over. Says how many were left. */
export async function untilGone(open: () => number | undefined): Promise<number | undefined> {
  const until = performance.now() + DRAIN_GRACE_MS;
  let left = open();
  while (left !== 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_EVERY_MS));
    left = open();
  }
  return left;
}
