import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DOCUMENTS, type WebUnderTest, webUnderTest } from './web-under-test.ts';

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(5_000))});`;
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'assets/app-abc123.js': SCRIPT,
  'assets/app-abc123.js.br': brotliCompressSync(SCRIPT),
  'assets/empty-abc123.css': '',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
};
const stack = new AsyncDisposableStack();
let ground: WebUnderTest;

beforeAll(async () => {
  ground = stack.use(await webUnderTest(FILES));
});
afterAll(() => stack.disposeAsync());

test.each(Object.entries({ ...DOCUMENTS, ...FILES }))('%s, byte for byte', async (name, content) => {
  const answer = await ground.ask(`/${name}?any=query`);
  expect([answer.status, answer.bytes]).toEqual([200, Buffer.from(content)]);
  expect(answer.headers['content-length']).toBe(`${answer.bytes.length}`);
  expect(answer.headers).not.toHaveProperty('content-encoding');
});

test('HEAD says the same and sends nothing', async () => {
  const { headers } = await ground.ask('/assets/app-abc123.js');
  const head = await ground.ask('/assets/app-abc123.js', { method: 'HEAD' });
  expect([head.status, head.bytes.length]).toEqual([200, 0]);
  expect({ ...head.headers, date: '' }).toEqual({ ...headers, date: '' });
});

test('a compressed sibling is a file like others, with a tag of its own', async () => {
  const [plain, sibling] = [
    await ground.ask('/assets/app-abc123.js', { headers: { 'accept-encoding': 'br' } }),
    await ground.ask('/assets/app-abc123.js.br'),
  ];
  expect(String(plain.bytes)).toBe(SCRIPT);
  expect(sibling.headers.etag).not.toBe(plain.headers.etag);
});

test('two services with the same bytes give them the same tag, and other bytes another', async () => {
  await using other = await webUnderTest({ ...FILES, 'icon.svg': '<svg/>' });
  const tags = async (name: string) => [
    (await ground.ask(name)).headers.etag,
    (await other.ask(name)).headers.etag,
  ];
  const [here, there] = await tags('/assets/app-abc123.js');
  expect(here).toMatch(/^"[\w-]{43}"$/);
  expect(there).toBe(here);
  const [ours, theirs] = await tags('/icon.svg');
  expect(theirs).not.toBe(ours);
});

test('what somebody has already is not sent again', async () => {
  const { headers } = await ground.ask('/index.html');
  const { etag } = headers;
  for (const known of [`${etag}`, `"x", ${etag}`, `W/${etag}`, '*']) {
    const again = await ground.ask('/index.html', { headers: { 'if-none-match': known } });
    expect([known, again.status, again.bytes.length, again.headers.etag]).toEqual([known, 304, 0, etag]);
  }
  expect((await ground.ask('/index.html', { headers: { 'if-none-match': '"x"' } })).status).toBe(200);
});

test('no time says whether a file is new: an image gives the same one to all files of all builds', async () => {
  const since = { 'if-modified-since': new Date(Date.now() + 60_000).toUTCString() };
  const answer = await ground.ask('/index.html', { headers: since });
  expect(answer.status).toBe(200);
  expect(answer.headers).not.toHaveProperty('last-modified');
});

test('a build that is written over while it is served stays as it was', async () => {
  await using other = await webUnderTest({ 'icon.svg': '<svg/>' });
  await writeFile(path.join(other.folder, 'icon.svg'), 'half a fi');
  expect(String((await other.ask('/icon.svg')).bytes)).toBe('<svg/>');
});
