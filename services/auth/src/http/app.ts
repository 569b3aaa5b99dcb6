import { createHttp, type Hops, type Http, NO_HOPS } from '@nightjar/kit/http';
import type { Context } from '../context.ts';
import { createAccessToken } from './create-access-token.ts';
import { createChallenge } from './create-challenge.ts';
import { deleteAccount } from './delete-account.ts';
import { getJwks } from './get-jwks.ts';

/** auth's REST side. Building it touches nothing of the context but the log, so a document can be made from it. */
export async function buildHttp(context: Context, hops: Hops = NO_HOPS): Promise<Http> {
  const app = await createHttp({ ...hops, service: 'auth', log: context.log });
  createChallenge(app, context);
  createAccessToken(app, context);
  deleteAccount(app, context);
  getJwks(app, context);
  return app;
}
