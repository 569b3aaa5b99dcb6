import { createHttp, type Hops, type Http, NO_HOPS } from '@nightjar/kit/http';
import type { Context } from '../context.ts';
import { buyTokens } from './buy-tokens.ts';
import { getEarnings } from './get-earnings.ts';
import { getSealKeys } from './get-seal-keys.ts';
import { getTip } from './get-tip.ts';
import { getWallet } from './get-wallet.ts';
import { openWallet } from './open-wallet.ts';
import { keepRawBody } from './raw-body.ts';

/** payments' REST side. Building it touches nothing of the context but the log, so a document can be made from it. */
export async function buildHttp(context: Context, hops: Hops = NO_HOPS): Promise<Http> {
  const app = await createHttp({ ...hops, service: 'payments', log: context.log });
  keepRawBody(app);
  openWallet(app, context);
  getWallet(app, context);
  buyTokens(app, context);
  getTip(app, context);
  getSealKeys(app, context);
  getEarnings(app, context);
  return app;
}
