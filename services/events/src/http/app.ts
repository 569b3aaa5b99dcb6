import { createHttp, type Hops, type Http, NO_HOPS } from '@nightjar/kit/http';
import type { Context } from '../context.ts';
import type { Session } from '../live/session.ts';
import { edgeGoing } from './edge-going.ts';
import { socket } from './socket.ts';
import { tickets } from './tickets.ts';

/** This service's part of /v1, and the socket. A context without its parts will do for the OpenAPI document. */
export async function buildHttp(
  context: Context,
  hops: Hops = NO_HOPS,
  sessions = new Set<Session>(),
): Promise<Http> {
  const app = await createHttp({ ...hops, service: 'events', log: context.log });
  await socket(app, context, sessions);
  tickets(app, context);
  edgeGoing(app, context);
  return app;
}
