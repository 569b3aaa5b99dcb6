import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { SettingsError } from '@nightjar/kit/settings';
import { readBuiltFiles } from '../server/built-files.ts';
import { toConfig } from '../server/config.ts';
import { PAGES_BYTES_MAX } from '../server/limits.ts';
import { DOCUMENTS, folderWith, webUnderTest } from './web-under-test.ts';

test('dot files, folders, ways out and other spellings lead nowhere', async () => {
  await using outside = await folderWith({ secret: 'a secret' });
  await using ground = await webUnderTest({
    'assets/app-1.js': 'a script',
    '.vite/manifest.json': 'a note',
    'assets/.hidden': 'a note',
    '.env': 'a note',
  });
  const paths = [
    ...['/', '/assets', '/assets/', '/assets/app-1.js/', '//index.html', '/./index.html', '/INDEX.HTML'],
    ...['/.vite/manifest.json', '/assets/.hidden', '/.env', '/assets/%2ehidden'],
    ...[
      `/..${outside.path}/secret`,
      '/../../../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/assets/..%2findex.html',
    ],
    ...['/index.html%00', '/index%2ehtml', '/__proto__', '/constructor', '/%'],
  ];
  for (const target of paths) {
    const answer = await ground.ask(target);
    expect([target, [400, 404].includes(answer.status)]).toEqual([target, true]);
    expect(answer.headers['content-type']).toMatch(/^application\/(problem\+)?json/);
  }
});

test('a link is no file of the build', async () => {
  await using outside = await folderWith({ secret: 'a secret' });
  await using folder = await folderWith(DOCUMENTS);
  await symlink(path.join(outside.path, 'secret'), path.join(folder.path, 'link.txt'));
  await symlink(outside.path, path.join(folder.path, 'assets'));
  expect([...(await readBuiltFiles(folder.path)).keys()].sort()).toEqual([
    '/index.html',
    '/room.html',
    '/studio.html',
  ]);
});

test('files are read and never written', async () => {
  await using ground = await webUnderTest();
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    expect([method, (await ground.ask('/index.html', { method })).status]).toEqual([method, 404]);
});

test('without a whole build nothing starts, and it is said what is missing and what to do', async () => {
  await using half = await folderWith({ 'index.html': '' });
  await expect(readBuiltFiles(half.path)).rejects.toThrow(
    /no \/room.html, no \/studio.html.*build services\/web/,
  );
  const none = readBuiltFiles(path.join(half.path, 'none'));
  await expect(none).rejects.toThrow(SettingsError);
  await expect(none).rejects.toThrow('NIGHTJAR_PAGES_FOLDER');
});

test('a folder that is no build of pages is not held in memory', async () => {
  await using folder = await folderWith({ ...DOCUMENTS, film: Buffer.alloc(PAGES_BYTES_MAX) });
  await expect(readBuiltFiles(folder.path)).rejects.toThrow(/is it the right folder/);
});

test('it takes no setting of a bus, of a secret or of hops', () => {
  const env = { NIGHTJAR_HTTP_LISTEN: '127.0.0.1:1', NIGHTJAR_INTERNAL_LISTEN: '127.0.0.1:2' };
  expect(toConfig(env)).toMatchObject({ pagesFolder: '', logLevel: 'info' });
  for (const name of ['NIGHTJAR_NATS_URL', 'NIGHTJAR_EDGE_PUBLIC_KEYS_FILE', 'NIGHTJAR_TRUSTED_HOPS'])
    expect(() => toConfig({ ...env, [name]: '' })).toThrow(`${name}: no such setting`);
});
