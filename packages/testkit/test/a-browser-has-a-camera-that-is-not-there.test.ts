import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ChromiumOptions, launchChromium } from '../src/chromium.ts';

const server = createServer((_, response) => response.end('<!doctype html><title>t</title>'));
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());

async function inPage<T>(options: ChromiumOptions, code: string): Promise<T> {
  await using browser = await launchChromium(options);
  const page = await browser.context.newPage();
  await page.goto(url);
  return (await page.evaluate(code)) as T;
}

const CAMERA = `navigator.mediaDevices.getUserMedia({ video: true, audio: true })
  .then((stream) => stream.getTracks().map(({ kind }) => kind).sort().join(), ({ name }) => name)`;

test('camera and microphone are there without a question', async () => {
  expect(await inPage({}, CAMERA)).toBe('audio,video');
});

test('or they are refused, for what a page says then', async () => {
  expect(await inPage({ media: 'refused' }, CAMERA)).toBe('NotAllowedError');
});

test('it has the size, the colours and the movement that were asked for', async () => {
  const seen = await inPage(
    { viewport: { width: 390, height: 844 }, colorScheme: 'dark', reducedMotion: 'reduce' },
    `[innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches,
      matchMedia('(prefers-reduced-motion: reduce)').matches]`,
  );
  expect(seen).toEqual([390, 844, true, true]);
});
