import { createHttp, type Http } from '@nightjar/kit/http';
import type { Context } from '../context.ts';
import type { Session } from '../live/session.ts';
import { socket } from './socket.ts';
import { tickets } from './tickets.ts';

/** This service's part of /v1, and the socket. A context without its parts will do for the OpenAPI document. */
export async function buildHttp(
  context: Context,
  trustedHops: readonly string[] = [],
  sessions = new Set<Session>(),
): Promise<Http> {
  const app = await createHttp({ service: 'events', log: context.log, trustedHops });
  await socket(app, context, sessions);
  tickets(app, context);
  return app;
}
