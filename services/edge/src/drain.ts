import { FACTS_HEADER, factsSigner, signFacts } from '@nightjar/kit/signed-facts';
import { DRAIN_LOOK_EVERY_MS, GOING_EVERY_MS, GOING_MS_MAX, GOING_TURNS_MAX } from './limits.ts';

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

/**
 * Has sockets told to go, and those that come in the meantime, until none is open any more or their time is over. Says how
 * many were left.
 *
 * @param say  tells events; what fails is said again in the next turn
 * @param open how many are open; undefined where nobody can tell
 */
export async function drain(
  say: () => Promise<void>,
  open: () => number | undefined,
): Promise<number | undefined> {
  for (let turn = 1; turn <= GOING_TURNS_MAX; turn++) {
    await say();
    const until = performance.now() + GOING_EVERY_MS;
    while (performance.now() < until) {
      if (open() === 0) return 0;
      await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_EVERY_MS));
    }
  }
  return open();
}
