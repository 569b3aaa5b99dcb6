import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Chromium, launchChromium } from '@nightjar/testkit/chromium';
import type { Page } from 'playwright-core';
import { serveSources } from './lib/serve-sources.ts';

const TEST_MS_MAX = 60_000;

let sources: Awaited<ReturnType<typeof serveSources>>;
let chromium: Chromium;
let page: Page;

const PRELUDE = `
  const { keyDatabase } = await import('/client/browser/key-database.ts');
  const { toBase64Url } = await import('/sealed/base64url');
  const keys = keyDatabase();
  const name = async (key) => toBase64Url((await keys.key(key)).publicKey);
  const names = async () => [await name('device'), await name('wallet'), await name('keeper-1')];
`;

function run<T>(body: string, on: Page = page): Promise<T> {
  return on.evaluate(`(async () => {${PRELUDE}${body}})()`);
}

beforeAll(async () => {
  sources = await serveSources();
}, TEST_MS_MAX);
afterAll(async () => {
  await sources?.[Symbol.asyncDispose]();
}, TEST_MS_MAX);
beforeEach(async () => {
  chromium = await launchChromium();
  page = await chromium.context.newPage();
  await page.goto(sources.url);
}, TEST_MS_MAX);
afterEach(async () => {
  await chromium?.[Symbol.asyncDispose]();
}, TEST_MS_MAX);

test(
  'the code brings device and wallet back in another browser, and the secret is gone once it was printed',
  async () => {
    const [state, code, before] = await run<[string, string, string[]]>(
      `const before = await names(); return [await keys.backupState(), await keys.backup(), before];`,
    );
    expect(state).toBe('possible');
    const after = await run<unknown[]>(
      `await keys.forgetSecret();
       return [await keys.backupState(), await keys.backup(), await names(), await name('keeper-2')];`,
    );
    const later = after.pop();
    expect(after).toEqual(['done', undefined, before]);
    expect(await everythingKept(page)).toContain(
      'secrets: [["is=[object String]","keepers=[object CryptoKey]"]]',
    );
    await using other = await launchChromium();
    const elsewhere = await other.context.newPage();
    await elsewhere.goto(sources.url);
    const restored = await run<unknown[]>(
      `const before = await names();
       await keys.restore(${JSON.stringify(code.toLowerCase())});
       return [before, await names(), await keys.backupState(), await name('keeper-2')];`,
      elsewhere,
    );
    expect(restored.pop()).toBe(later);
    expect(restored[0]).not.toEqual(before);
    expect(restored.slice(1)).toEqual([before, 'done']);
  },
  TEST_MS_MAX,
);

test(
  'keys of an older version go on without a code, and it is said',
  async () => {
    const seen = await run<unknown[]>(`
      const open = indexedDB.open('nightjar', 1);
      open.onupgradeneeded = () => open.result.createObjectStore('keys');
      const db = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
      const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
      const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
      const put = db.transaction('keys', 'readwrite').objectStore('keys');
      await new Promise((resolve) => { put.put({ privateKey: pair.privateKey, publicKey }, 'device').onsuccess = resolve; });
      db.close();
      return [toBase64Url(publicKey) === await name('device'), await keys.backupState(), await keys.backup(),
        (await names()).length, await keys.backupState()];`);
    expect(seen).toEqual([true, 'impossible', undefined, 3, 'impossible']);
  },
  TEST_MS_MAX,
);

test(
  'whoever disappears does not come back by the code of before, and keeps the wallet',
  async () => {
    const seen = await run<boolean[]>(`
      const [device] = await names();
      const wallet = await name('wallet');
      await keys.forget('device');
      return [await name('device') === device, await name('wallet') === wallet, await keys.backup() === undefined];`);
    expect(seen).toEqual([false, true, true]);
  },
  TEST_MS_MAX,
);

test(
  'nobody gets a key by looking, and many tabs that make one at once end up with the same',
  async () => {
    expect(await run(`return keys.backupState();`)).toBe('nothing');
    const pages = await Promise.all(Array.from({ length: 6 }, () => chromium.context.newPage()));
    await Promise.all(pages.map((one) => one.goto(sources.url)));
    const made = await Promise.all(
      pages.map((one, i) =>
        run(
          `
      ${i % 2 ? `await name('wallet');` : ''}
      return names();`,
          one,
        ),
      ),
    );
    expect(new Set(made.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(await run(`return keys.backupState();`)).toBe('possible');
  },
  TEST_MS_MAX,
);

test(
  'a typing error changes nothing, and no key can be read out',
  async () => {
    const seen = await run<unknown[]>(`
      const before = await names();
      const code = await keys.backup();
      const wrong = (code[0] === '0' ? '1' : '0') + code.slice(1);
      const why = await keys.restore(wrong).catch((error) => error.code);
      const { privateKey } = await keys.key('wallet');
      return [why, (await names()).join() === before.join(), privateKey.extractable];`);
    expect(seen).toEqual(['key_code_mistyped', true, false]);
  },
  TEST_MS_MAX,
);

/** The database in words: what an intruder on this origin could read. */
function everythingKept(on: Page): Promise<string> {
  return on.evaluate(`(async () => {
    const open = indexedDB.open('nightjar');
    const db = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
    const words = [];
    for (const store of db.objectStoreNames) {
      const all = db.transaction(store).objectStore(store).getAll();
      await new Promise((resolve) => { all.onsuccess = resolve; });
      words.push(store + ': ' + JSON.stringify(all.result.map((one) => Object.entries(one).map(([k, v]) => k + '=' + Object.prototype.toString.call(v)))));
    }
    db.close();
    return words.join('\\n');
  })()`);
}
