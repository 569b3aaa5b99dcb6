import type { NatsConnection } from '@nats-io/transport-node';
import { EDGE_GOING_SUBJECT } from '@nightjar/contracts/subjects';
import { commonProblem } from '@nightjar/kit/problem';
import { isRepeated } from '@nightjar/kit/repeated';
import { DRAIN_SPREAD_MS, EDGE_GOING_MS_MAX } from '../limits.ts';
import type { Session } from './session.ts';

const EDGE = /^[A-Za-z0-9_.:-]{1,64}$/;

/** Edges say to one pod that they go; all pods tell the sockets that came through them. */
export interface Edges extends Disposable {
  /** Throws Problem `unavailable` when the other pods cannot be told. */
  goes(edge: string): Promise<void>;
}

/** Follows what other pods are told of edges. The sockets find another edge by opening a second one, as in a pod's drain. */
export function followEdges(nc: NatsConnection, sessions: ReadonlySet<Session>): Edges {
  const subscription = nc.subscribe(EDGE_GOING_SUBJECT, {
    callback: (error, message) => {
      if (error || isRepeated(message.headers)) return;
      const edge = message.string();
      if (EDGE.test(edge)) tellToGo(sessions, edge);
    },
  });
  return {
    async goes(edge) {
      const { promise: late, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(commonProblem('unavailable')), EDGE_GOING_MS_MAX);
      try {
        nc.publish(EDGE_GOING_SUBJECT, edge);
        await Promise.race([nc.flush(), late]);
      } catch (error) {
        throw commonProblem('unavailable', error);
      } finally {
        clearTimeout(timer);
      }
    },
    [Symbol.dispose]: () => subscription.unsubscribe(),
  };
}

/** Bridges at once, viewers spread, so that the edges that stay are not all asked at one moment. */
function tellToGo(sessions: ReadonlySet<Session>, edge: string): void {
  for (const session of sessions) {
    if (session.edge === edge)
      session.say({ t: 'going', inMs: session.isBridge ? 0 : Math.round(Math.random() * DRAIN_SPREAD_MS) });
  }
}
