import { createHttp, type Hops, type Http, NO_HOPS } from '@nightjar/kit/http';
import type { Context } from '../context.ts';
import { getFence } from './get-fence.ts';
import { getPolicy } from './get-policy.ts';
import { putFence } from './put-fence.ts';

/** geofence's REST side. Building it touches nothing of the context but the log, so a document can be made from it. */
export async function buildHttp(context: Context, hops: Hops = NO_HOPS): Promise<Http> {
  const app = await createHttp({ ...hops, service: 'geofence', log: context.log });
  getFence(app, context);
  putFence(app, context);
  getPolicy(app, context);
  return app;
}
