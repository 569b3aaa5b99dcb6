import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { runTied } from '../../scripts/lib/children.ts';
import { root } from '../../scripts/lib/root.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface StatesSite extends AsyncDisposable {
  /** The page of all states. */
  readonly url: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Builds the pages with the one of all states, and serves them on loopback. It asks nothing of a platform. */
export async function openStatesSite(): Promise<StatesSite> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder('states'));
  const web = path.join(root, 'services/web');
  const { code, output } = await runTied(
    path.join(web, 'node_modules/.bin/vite'),
    ['build', web, '--mode', 'states', '--outDir', folder.path, '--logLevel', 'warn'],
    process.env,
  );
  if (code !== 0) throw new Error(`the states were not built:\n${output}`);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://states');
    const file = path.join(folder.path, path.normalize(pathname));
    readFile(file).then(
      (bytes) =>
        response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'text/plain' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const owned = stack.move();
  return {
    url: `http://127.0.0.1:${port}/states.html`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
