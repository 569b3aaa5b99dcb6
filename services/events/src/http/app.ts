import type { Http } from '@nightjar/kit/http';
import { createHttp } from '@nightjar/kit/http';
import type { Context } from '../context.ts';
import type { Session } from '../live/session.ts';
import { socket } from './socket.ts';
import { tickets } from './tickets.ts';

export async function buildHttp(
  context: Context,
  options: { trustedHops: readonly string[]; sessions: Set<Session> },
): Promise<Http> {
  const app = await createHttp({ service: 'events', log: context.log, trustedHops: options.trustedHops });
  await socket(app, context, options.sessions);
  tickets(app, context);
  return app;
}
