import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { root } from '../../../scripts/lib/root.ts';

const sealed = createRequire(path.join(root, 'packages/sealed/package.json'));
const core = path.dirname(sealed.resolve('@hpke/core/package.json'));
const common = path.dirname(
  createRequire(path.join(core, 'package.json')).resolve('@hpke/common/package.json'),
);

const FOLDERS: Readonly<Record<string, string>> = {
  client: path.join(root, 'packages/client/src'),
  sealed: path.join(root, 'packages/sealed/src'),
  contracts: path.join(root, 'packages/contracts/src'),
  vectors: path.join(root, 'packages/sealed/vectors'),
  core: path.join(core, 'esm'),
  common: path.join(common, 'esm'),
};

const PAGE = `<!doctype html><title>sources</title><script type="importmap">${JSON.stringify({
  imports: {
    '@nightjar/client/': '/client/',
    '@nightjar/sealed/': '/sealed/',
    '@nightjar/contracts/': '/contracts/',
    '@hpke/core': '/core/mod.js',
    '@hpke/common': '/common/mod.js',
  },
})}</script>`;

/** The packages' own sources for a browser, without a bundler between: what is tested is what stands there. */
export async function serveSources(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(async (asked, answer) => {
    const { pathname } = new URL(asked.url ?? '/', 'http://sources');
    const [, name = '', ...rest] = pathname.split('/');
    if (name === '') {
      answer.setHeader('content-type', 'text/html').end(PAGE);
      return;
    }
    const folder = FOLDERS[name];
    const text =
      folder === undefined ? undefined : await read(path.join(folder, ...rest)).catch(() => undefined);
    if (text === undefined) answer.writeHead(404).end();
    else answer.setHeader('content-type', 'text/javascript').end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(file: string): Promise<string> {
  if (file.endsWith('.js')) return readFile(file, 'utf8');
  if (file.endsWith('.json')) return `export const value = ${await readFile(file, 'utf8')}`;
  return stripTypeScriptTypes(await readFile(file.endsWith('.ts') ? file : `${file}.ts`, 'utf8'));
}
