import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '@nightjar/kit/log';
import type { Config } from '../server/config.ts';
import { type RunningWeb, start } from '../server/service.ts';

/** The least that a build has. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  'index.html': '<!doctype html><title>index</title>',
  'room.html': '<!doctype html><title>room</title>',
  'studio.html': '<!doctype html><title>studio</title>',
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

export interface WebUnderTest extends AsyncDisposable {
  readonly folder: string;
  readonly web: RunningWeb;
  /** By Node's own client: the path goes out as it is written. */
  ask(target: string, options?: AskOptions): Promise<Answer>;
}

interface AskOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly agent?: Agent;
}

export async function folderWith(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-web-'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export function configFor(pagesFolder: string): Config {
  return {
    httpListen: { host: '127.0.0.1', port: 0 },
    internalListen: { host: '127.0.0.1', port: 0 },
    logLevel: 'error',
    otlpUrl: '',
    pagesFolder,
  };
}

/** The service with these files as its build. */
export async function webUnderTest(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<WebUnderTest> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await folderWith({ ...DOCUMENTS, ...files }));
  const web = stack.use(await start(configFor(folder.path), { log: silentLog }));
  const owned = stack.move();
  return {
    folder: folder.path,
    web,
    ask: (target, { method = 'GET', headers = {}, agent } = {}) =>
      new Promise((resolve, reject) => {
        const options = { path: target, method, headers, ...(agent ? { agent } : {}) };
        const asked = request(web.urls.http, options, async (response) => {
          const bytes = Buffer.concat(await response.toArray());
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes });
        });
        asked.once('error', reject).end();
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
