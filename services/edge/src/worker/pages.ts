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

export interface FileAnswer {
  readonly body: ReadableStream | null;
  readonly headers: Record<string, string>;
  /** Set when the browser has it already. */
  readonly unchanged: boolean;
}

/**
 * A static file, compressed as the browser takes it, from the siblings that the build wrote.
 *
 * @returns undefined when there is none.
 */
export async function readFile(
  pages: Fetcher,
  path: string,
  request: { readonly method: string; readonly headers: Headers },
): Promise<FileAnswer | undefined> {
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)];
  if (!type) return undefined;
  const compressible = COMPRESSED.test(path);
  for (const encoding of compressible ? encodings(request.headers.get('accept-encoding')) : ['']) {
    const answer = await pages.fetch(`http://pages${path}${SUFFIX[encoding] ?? ''}`, {
      method: request.method,
    });
    if (answer.status !== 200) {
      await answer.body?.cancel();
      continue;
    }
    const tag = tagOf(answer.headers, encoding);
    const headers: Record<string, string> = {
      'content-type': type,
      ...(encoding === '' ? {} : { 'content-encoding': encoding }),
      ...(compressible ? { vary: 'accept-encoding' } : {}),
      ...(tag === undefined ? {} : { etag: tag }),
    };
    const unchanged = tag !== undefined && isKnown(request.headers.get('if-none-match'), tag);
    if (unchanged) await answer.body?.cancel();
    else setLength(headers, answer.headers);
    return { body: unchanged ? null : answer.body, headers, unchanged };
  }
  return undefined;
}

const SUFFIX: Readonly<Record<string, string>> = { br: '.br', gzip: '.gz' };

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

// A disk service gives no tags: time and size say as much, since the name of whatever lasts has its content's hash in it.
function tagOf(from: Headers, encoding: string): string | undefined {
  const given = from.get('etag');
  if (given) return given;
  const at = Date.parse(from.get('last-modified') ?? '');
  const size = Number(from.get('content-length'));
  return Number.isNaN(at) ? undefined : `W/"${at.toString(36)}-${size.toString(36)}${encoding}"`;
}

function isKnown(ifNoneMatch: string | null, tag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((known) => known.trim() === tag);
}

function setLength(headers: Record<string, string>, from: Headers): void {
  const length = from.get('content-length');
  if (length !== null) headers['content-length'] = length;
}
