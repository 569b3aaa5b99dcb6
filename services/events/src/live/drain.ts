import type { Context } from '../context.ts';
import { DRAIN_GRACE_MS, DRAIN_SPREAD_MS } from '../limits.ts';
import type { Session } from './session.ts';

/**
 * The pod goes. Bridges are told first and at once: they open a second socket, to another pod, and go on there without a
 * pause. Viewers are told to go after random delays, so that the pods that stay are not all asked at one moment. Permits
 * end before the sockets do, so that outputs rest before the pod is gone.
 */
export async function drainSessions(context: Context, sessions: ReadonlySet<Session>): Promise<void> {
  context.drain.going = true;
  for (const session of sessions) {
    session.say({ t: 'going', inMs: session.isBridge ? 0 : Math.round(Math.random() * DRAIN_SPREAD_MS) });
  }
  await emptyOr(sessions, DRAIN_SPREAD_MS);
  context.drain.permitsEnded = true;
  await emptyOr(sessions, DRAIN_GRACE_MS - DRAIN_SPREAD_MS);
  for (const session of sessions) session.close('unavailable');
}

const LOOK_EVERY_MS = 50;

async function emptyOr(sessions: ReadonlySet<Session>, ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (sessions.size > 0 && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
