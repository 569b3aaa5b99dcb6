/**
 * Run as a program: builds a page that has nothing but the bridge in it, out of the studio's own files, into the given
 * folder. The studio's walls would be in the way of tests that crash, freeze and close pages.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../../scripts/lib/root.ts';

/** What is used of Vite, which is a package of the pages' and not of the tests'. */
interface Vite {
  build(config: unknown): Promise<unknown>;
}

const [folder = ''] = process.argv.slice(2);
const web = path.join(root, 'services/web');
const ENTRY = 'virtual:bridge-page';
const CODE = `
import { Identity } from '@nightjar/client/identity';
import { Rooms } from '@nightjar/client/rooms';
import { createHttpClient } from '@nightjar/client/http';
import { endpointsAt } from '@nightjar/client/endpoints';
import { keyDatabase } from '@nightjar/client/browser/key-database';
import { PageBridge } from '${web}/src/bridge/page-bridge.ts';
const endpoints = endpointsAt(location.origin);
const http = createHttpClient();
const identity = new Identity({ endpoints, http, keys: keyDatabase(), broadcaster: true });
Object.assign(globalThis, { PageBridge, identity, rooms: new Rooms({ endpoints, http, identity }) });
document.title = 'ready';
`;

const { href } = pathToFileURL(createRequire(path.join(web, 'package.json')).resolve('vite'));
const vite = (await import(href)) as Vite;
await vite.build({
  root: web,
  configFile: false,
  logLevel: 'warn',
  resolve: { conditions: ['nightjar-source', 'module', 'browser', 'import'] },
  worker: { format: 'es' },
  plugins: [
    {
      name: 'bridge-page',
      resolveId: (id: string) => (id === ENTRY ? path.join(web, 'src/bridge-page.js') : undefined),
      load: (id: string) => (id === path.join(web, 'src/bridge-page.js') ? CODE : undefined),
    },
  ],
  build: {
    outDir: folder,
    emptyOutDir: true,
    target: 'es2023',
    minify: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ENTRY, output: { entryFileNames: 'assets/page.js' } },
  },
});
