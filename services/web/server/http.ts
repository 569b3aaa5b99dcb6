import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createHttp, type Http, NO_HOPS } from '@nightjar/kit/http';
import type { Log } from '@nightjar/kit/log';
import { commonProblem } from '@nightjar/kit/problem';
import type { BuiltFile, BuiltFiles } from './built-files.ts';
import { DRAIN_MS_MAX } from './limits.ts';

/**
 * GET and HEAD of a build's files, by their exact names: no page has a path of its own here, no folder a list. What a file's
 * type is, how it travels and how long it is kept is for the edge to say; compressed siblings are files like others.
 */
export async function buildHttp({ files, log }: { files: BuiltFiles; log: Log }): Promise<Http> {
  const app = await createHttp({ service: 'web', log, ...NO_HOPS });
  app.get('/*', { schema: { hide: true } }, async ({ url, headers }, reply) => {
    const file = files.get(url.split('?', 1)[0] ?? '');
    if (!file) {
      // An edge that asks again, for a file of another build, is to get to another pod.
      reply.header('connection', 'close');
      throw commonProblem('not_found');
    }
    // No time of change: in an image every file has the same one, so that an older build would pass for a newer.
    reply.header('etag', file.etag);
    if (isKnown(file, headers['if-none-match'])) return reply.code(304).send();
    return reply.type('application/octet-stream').send(file.bytes);
  });
  finishBeforeClose(app);
  return app;
}

/**
 * A server that closes takes a connection for idle as soon as its answer is written, though not yet taken: a large file to
 * somebody slow would be cut. Meanwhile whoever asks anew hears 503, and goes to another pod.
 */
function finishBeforeClose(app: Http): void {
  const underWay = new Set<ServerResponse>();
  app.addHook('onRequest', async (_request, { raw }) => {
    underWay.add(raw);
    raw.once('close', () => underWay.delete(raw));
  });
  app.addHook('preClose', async () => {
    const signal = AbortSignal.timeout(DRAIN_MS_MAX);
    await Promise.allSettled([...underWay].map((response) => once(response, 'close', { signal })));
  });
}

/** Whether who asks has it already (RFC 9110 section 13.1.2). */
function isKnown({ etag }: BuiltFile, ifNoneMatch = ''): boolean {
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
