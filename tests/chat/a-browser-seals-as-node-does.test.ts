import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Chromium, launchChromium } from '@nightjar/testkit/chromium';
import type { Page } from 'playwright-core';
import { serveSources } from './lib/serve-sources.ts';

const TEST_MS_MAX = 60_000;

let sources: Awaited<ReturnType<typeof serveSources>>;
let chromium: Chromium;
let page: Page;

/** Runs the body of an async function in the page. */
function run<T>(body: string): Promise<T> {
  return page.evaluate(`(async () => {${body}})()`);
}

beforeAll(async () => {
  sources = await serveSources();
  chromium = await launchChromium();
  page = await chromium.context.newPage();
  await page.goto(sources.url);
}, TEST_MS_MAX);

afterAll(async () => {
  await chromium?.[Symbol.asyncDispose]();
  await sources?.[Symbol.asyncDispose]();
}, TEST_MS_MAX);

test(
  'the chat’s vectors are read in a browser as they are in Node',
  async () => {
    const { found, wanted } = await run<{ found: unknown; wanted: unknown }>(`
      const { readChatVectors } = await import('/vectors/check-chat.ts');
      const { value } = await import('/vectors/chat.json');
      return readChatVectors(value);`);
    expect(found).toEqual(wanted);
    expect(found).toHaveProperty('lines.2.text', 'for you');
  },
  TEST_MS_MAX,
);

test(
  'what a browser seals, asks and grants is opened there: the whole of a newcomer’s way',
  async () => {
    const text = await run(`
      const from = (name) => import('/sealed/' + name);
      const { generateSigningKeyPair } = await from('keys');
      const { newAskKeys, makeKeyAsk, readKeyAsk } = await from('chat-key-ask');
      const { sealGrant, openGrant } = await from('chat-key-grant');
      const { randomKey, roomKeyId, importRoomKey } = await from('chat-room-key');
      const { sealLine, openLine } = await from('chat-line');
      const { memberCheck } = await from('chat-member');
      const keeper = await generateSigningKeyPair({ extractable: false });
      const own = await newAskKeys(await generateSigningKeyPair({ extractable: false }));
      const place = { roomId: 'room_1', keeperKey: keeper.publicKey };
      const roomKey = randomKey();
      const { request, hash } = await makeKeyAsk(own, place, await roomKeyId(roomKey));
      const ask = await readKeyAsk(request, place);
      const grant = await sealGrant({ memberKey: randomKey(), roomKey }, ask, 'room_1', keeper, 'pn_1');
      const given = await openGrant(grant, own, { hash }, place, 'pn_1');
      const key = await importRoomKey(given.roomKey);
      const at = { roomId: 'room_1', id: 'msg_1', from: 'pn_1', kind: 'line' };
      const sealed = await sealLine('good evening', at, { key: own.signing, certificate: given.certificate }, key);
      return (await openLine(sealed, at, key, memberCheck(keeper.publicKey))).text;`);
    expect(text).toBe('good evening');
  },
  TEST_MS_MAX,
);
