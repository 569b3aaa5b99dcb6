import type { Env } from './env.ts';
import { ASSET_ASKED_AGAIN_MAX, PAGES_MS_MAX } from './limits.ts';

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  map: 'application/json',
  mjs: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  woff2: 'font/woff2',
};

/** Files that have compressed siblings beside them. */
const COMPRESSED = /\.(?:css|html|js|json|svg|webmanifest)$/;

export interface FileRequest {
  readonly path: string;
  /** Whether its name has its content's hash in it. */
  readonly lasting: boolean;
  readonly method: string;
  /** What the browser takes, and what it has. */
  readonly headers: Headers;
}

export interface FileAnswer {
  /** 304 when the browser has it already. */
  readonly status: 200 | 304;
  readonly body: ReadableStream | null;
  readonly headers: Record<string, string>;
}

type Pages = Pick<Env, 'PAGES' | 'PAGES_AGAIN'>;

/**
 * A static file, compressed as the browser takes it, from the siblings that the build wrote.
 *
 * While web is updated its pods are of two builds, and a page of one may ask the other for its script: a lasting file is
 * asked for again, by connections that lead to other pods, before it is not there.
 *
 * @returns undefined when there is none. Throws when pages are not to be had.
 */
export async function readFile(pages: Pages, request: FileRequest): Promise<FileAnswer | undefined> {
  const { path, lasting, headers } = request;
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)];
  if (!type) return undefined;
  const compressible = COMPRESSED.test(path);
  const taken = compressible ? encodings(headers.get('accept-encoding')) : [''];
  const asFile = (answer: Response, encoding: string) =>
    toFile(answer, {
      'content-type': type,
      ...(encoding === '' ? {} : { 'content-encoding': encoding }),
      ...(compressible ? { vary: 'accept-encoding' } : {}),
    });
  for (const encoding of taken) {
    const answer = await askPages(pages, siblingOf(path, encoding), request);
    if (answer) return asFile(answer, encoding);
  }
  if (!lasting || !pages.PAGES_AGAIN) return undefined;
  // A build that has the file has the smallest of its siblings.
  const [smallest = ''] = taken;
  for (let times = 0; times < ASSET_ASKED_AGAIN_MAX; times++) {
    const answer = await askBy(pages.PAGES_AGAIN, siblingOf(path, smallest), request);
    if (answer) return asFile(answer, smallest);
  }
  return undefined;
}

function toFile(answer: Response, headers: Record<string, string>): FileAnswer {
  const unchanged = answer.status === 304;
  const passed = ['etag', ...(unchanged ? [] : ['content-length'])].flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return {
    status: unchanged ? 304 : 200,
    body: unchanged ? null : answer.body,
    headers: { ...headers, ...Object.fromEntries(passed) },
  };
}

/** A pod that goes cuts off, or refuses, whoever comes by an old connection: then it is asked for by a new one. */
async function askPages(
  { PAGES, PAGES_AGAIN }: Pages,
  name: string,
  request: FileRequest,
): Promise<Response | undefined> {
  try {
    return await askBy(PAGES, name, request);
  } catch (error) {
    if (!PAGES_AGAIN) throw error;
    return await askBy(PAGES_AGAIN, name, request);
  }
}

/** @returns undefined where it is not there; throws without a proper answer in time. */
async function askBy(pages: Fetcher, name: string, request: FileRequest): Promise<Response | undefined> {
  const known = request.headers.get('if-none-match');
  const late = new AbortController();
  // Of the beginning alone: a slow browser may take its time with the rest.
  const timer = setTimeout(() => late.abort(), PAGES_MS_MAX);
  try {
    const answer = await pages.fetch(`http://pages${name}`, {
      method: request.method,
      headers: known === null ? {} : { 'if-none-match': known },
      redirect: 'manual',
      signal: late.signal,
    });
    if (answer.status === 200 || answer.status === 304) return answer;
    await answer.body?.cancel();
    if (answer.status === 404) return undefined;
    throw new Error(`pages answered ${answer.status}`);
  } finally {
    clearTimeout(timer);
  }
}

const SUFFIX: Readonly<Record<string, string>> = { br: '.br', gzip: '.gz' };

function siblingOf(path: string, encoding: string): string {
  return `${path}${SUFFIX[encoding] ?? ''}`;
}

/** What the browser takes, the smallest first; as it is, last. */
export function encodings(accept: string | null): string[] {
  const taken = new Set(
    (accept ?? '')
      .toLowerCase()
      .split(',')
      .map((part) => part.trim().split(/\s*;\s*/))
      .filter(([, quality]) => quality === undefined || !/^q=0(?:\.0*)?$/.test(quality))
      .map(([name]) => name),
  );
  return [...['br', 'gzip'].filter((name) => taken.has(name)), ''];
}
