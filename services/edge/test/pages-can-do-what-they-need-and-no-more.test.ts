import { request } from 'node:http';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunningEdge } from '../src/service.ts';
import { type EdgeUnderTest, edgeUnderTest } from './edge-under-test.ts';
import { DOCUMENTS } from './web-process.ts';

const FILES: Readonly<Record<string, string>> = {
  ...DOCUMENTS,
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'assets/app-abc123.js': `console.log(${JSON.stringify('x'.repeat(5_000))});`,
  'assets/face-abc123.woff2': 'a font',
  'assets/only-plain.css': 'body{}',
  '.vite/manifest.json': '{}',
  'secret.pem': 'no',
};
const stack = new AsyncDisposableStack();
let ground: EdgeUnderTest;
let edge: RunningEdge;

beforeAll(async () => {
  const siblings = Object.entries(FILES)
    .filter(([name]) => /\.(html|js|svg)$/.test(name))
    .flatMap(([name, text]) => [
      [`${name}.br`, brotliCompressSync(text)],
      [`${name}.gz`, gzipSync(text)],
    ]);
  ground = stack.use(await edgeUnderTest({ pages: { ...FILES, ...Object.fromEntries(siblings) } }));
  edge = await ground.start({ siteName: 'The Den', ageConfirmation: 18, playMoney: false });
});
afterAll(() => stack.disposeAsync());

interface Plain {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** By Node's own client, which undoes no encoding and follows nothing. */
function ask(
  target: string,
  headers: Record<string, string> = {},
  method = 'GET',
  to = edge,
): Promise<Plain> {
  return new Promise((resolve, reject) => {
    const asked = request(to.urls.http, { path: target, headers, method }, async (response) => {
      const bytes = Buffer.concat(await response.toArray());
      resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes });
    });
    asked.once('error', reject).end();
  });
}

/** A policy header as a table: `script-src 'self'` → { 'script-src': "'self'" }. */
function table(header: unknown, separator: RegExp, pair: RegExp): Record<string, string> {
  return Object.fromEntries(
    String(header)
      .split(separator)
      .map((part) => {
        const [, name = '', value = ''] = pair.exec(part) ?? [];
        return [name, value];
      }),
  );
}
const contentPolicy = ({ headers }: Plain) =>
  table(headers['content-security-policy'], /; */, /^(\S+) ?(.*)$/);
const permissions = ({ headers }: Plain) => table(headers['permissions-policy'], /, */, /^(.+)=(.+)$/);

describe('which page is where', () => {
  test.each([
    ['/', 'index', 200],
    ['/wallet', 'index', 200],
    ['/me', 'index', 200],
    ['/r/some-room-abc123', 'room', 200],
    ['/studio', 'studio', 200],
    ['/studio/devices', 'studio', 200],
    ['/index.html', 'index', 404],
    ['/r/', 'index', 404],
    ['/r/a/b', 'index', 404],
    ['/nothing', 'index', 404],
    ['/edge/v1/rooms/x', 'index', 404],
    ['/v1x', 'index', 404],
  ])('%s is the page %s, with %d', async (target, page, status) => {
    const answer = await ask(target);
    expect([answer.status, String(answer.bytes)]).toEqual([status, FILES[`${page}.html`]]);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-cache');
  });

  test('a page of a room that never was is the page of any room', async () => {
    const [one, other] = [await ask('/r/here-abc123'), await ask('/r/nowhere-zzz999')];
    expect({ ...one.headers, date: '' }).toEqual({ ...other.headers, date: '' });
    expect(one.bytes).toEqual(other.bytes);
  });

  test.each(['/secret.pem', '/.vite/manifest.json', '/assets/../secret.pem', '/assets/%2e%2e/secret.pem'])(
    '%s is no page and no file of one',
    async (target) => {
      const answer = await ask(target);
      expect(answer.status).toBe(404);
      expect(String(answer.bytes)).not.toBe('no');
    },
  );

  test.each(['/assets/', '/assets', '/assets/app-abc123.js.br', '/assets/none.js', '/assets/x%2fy.js'])(
    '%s is no file',
    async (target) => {
      expect((await ask(target)).status).toBe(404);
    },
  );

  test('pages are read and never written', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      expect((await ask('/', {}, method)).status).toBe(405);
    const head = await ask('/', {}, 'HEAD');
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
  });
});

describe('what a page may do', () => {
  const PAGES = { index: '/', room: '/r/a-b', studio: '/studio', nothing: '/nothing' };

  test.each(Object.entries(PAGES))('%s runs nothing that is not a file of ours', async (_, target) => {
    const policy = contentPolicy(await ask(target));
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data: blob:",
      'media-src': "'self' blob:",
      'font-src': "'self'",
      'worker-src': "'self'",
      'manifest-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(JSON.stringify(policy)).not.toContain('unsafe');
  });

  test('a page speaks to its own origin, and the studio to devices on its own machine too', async () => {
    const { host } = new URL(edge.urls.http);
    for (const target of [PAGES.index, PAGES.room, PAGES.nothing])
      expect(contentPolicy(await ask(target))['connect-src']).toBe(`'self' ws://${host}`);
    expect(contentPolicy(await ask(PAGES.studio))['connect-src']).toBe(
      `'self' ws://${host} ws://127.0.0.1:* ws://localhost:*`,
    );
  });

  test('a Worker has the rights of its script: the bridge gets to its engine', async () => {
    const script = contentPolicy(await ask('/assets/app-abc123.js'));
    expect(script['connect-src']).toContain('ws://127.0.0.1:*');
    expect(script['default-src']).toBe("'none'");
    expect(contentPolicy(await ask('/icon.svg'))).toEqual({
      'default-src': "'none'",
      'frame-ancestors': "'none'",
    });
  });

  test('camera, microphone, Bluetooth and the like are for the studio alone', async () => {
    const STUDIO = [
      ...['bluetooth', 'camera', 'display-capture', 'gamepad', 'microphone', 'screen-wake-lock'],
      'loopback-network',
    ];
    const [index, room, studio] = [
      permissions(await ask(PAGES.index)),
      permissions(await ask(PAGES.room)),
      permissions(await ask(PAGES.studio)),
    ];
    for (const feature of STUDIO)
      expect([index[feature], room[feature], studio[feature]]).toEqual(['()', '()', '(self)']);
    for (const feature of ['geolocation', 'usb', 'serial', 'payment'])
      expect([index[feature], room[feature], studio[feature]]).toEqual(['()', '()', '()']);
    for (const feature of ['autoplay', 'fullscreen'])
      expect([index[feature], room[feature]]).toEqual(['()', '(self)']);
  });

  test.each(['/', '/nothing', '/site.json', '/icon.svg', '/v1/rooms', '/v1/none', '/rtc'])(
    '%s says the same of what others may do with it',
    async (target) => {
      const { headers } = await ask(target);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
      expect(headers).not.toHaveProperty('strict-transport-security');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  test('a page stands apart from whoever opened it', async () => {
    expect((await ask('/')).headers['cross-origin-opener-policy']).toBe('same-origin');
  });

  test('behind TLS browsers are told to come by TLS, and sockets are named so', async () => {
    const secure = await ground.start({ publicOrigin: 'https://live.example' });
    const answer = await ask('/', {}, 'GET', secure);
    expect(answer.headers['strict-transport-security']).toMatch(/^max-age=31536000/);
    expect(contentPolicy(answer)['connect-src']).toBe("'self' wss://live.example");
  });
});

describe('how files travel', () => {
  const SCRIPT = '/assets/app-abc123.js';

  test.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br;q=0.5', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.1', 'gzip'],
    ['identity', undefined],
    ['br;q=0', undefined],
    ['', undefined],
  ])('accept-encoding %p gets %p', async (accept, encoding) => {
    const answer = await ask(SCRIPT, { 'accept-encoding': accept });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers.vary).toBe('accept-encoding');
    expect(answer.headers['content-length']).toBe(`${answer.bytes.length}`);
    const undo = { br: brotliDecompressSync, gzip: gunzipSync }[encoding ?? ''] ?? ((bytes: Buffer) => bytes);
    expect(String(undo(answer.bytes))).toBe(FILES['assets/app-abc123.js']);
    if (encoding) expect(answer.bytes.length).toBeLessThan(200);
  });

  test('a file without a compressed sibling comes as it is', async () => {
    const answer = await ask('/assets/only-plain.css', { 'accept-encoding': 'br, gzip' });
    expect([String(answer.bytes), answer.headers['content-encoding']]).toEqual(['body{}', undefined]);
    expect(answer.headers['content-type']).toBe('text/css; charset=utf-8');
  });

  test('what has its hash in its name is kept for ever, a page is asked about each time', async () => {
    expect((await ask(SCRIPT)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await ask('/icon.svg')).headers['cache-control']).toBe('public, max-age=3600');
  });

  test('what a browser has is not sent again, until it changes', async () => {
    for (const encoding of ['br', 'identity']) {
      const { headers } = await ask('/', { 'accept-encoding': encoding });
      const again = await ask('/', { 'accept-encoding': encoding, 'if-none-match': `"x", ${headers.etag}` });
      expect([again.status, again.bytes.length]).toEqual([304, 0]);
      expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
      expect((await ask('/', { 'accept-encoding': encoding, 'if-none-match': '"x"' })).status).toBe(200);
    }
  });
});

test('what the operator set reaches the pages', async () => {
  const answer = await ask('/site.json');
  expect(JSON.parse(String(answer.bytes))).toEqual({ name: 'The Den', ageConfirmation: 18, play: false });
  expect(answer.headers['cache-control']).toBe('no-cache');
});
