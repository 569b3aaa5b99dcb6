import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import type { Endpoints } from '@nightjar/client/endpoints';

/** As the studio has it, and its Worker: a policy that would keep the bridge from its engine must show here. */
const POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self' ws://127.0.0.1:* ws://localhost:*";
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.svg': 'image/svg+xml' };

export interface Door extends AsyncDisposable {
  /** 127.0.0.1 with its port. */
  readonly host: string;
  readonly origin: string;
  /** Cuts every connection that goes to the platform, and takes no new ones while it is closed. */
  cut(closed: boolean): void;
}

/** One origin for the built page and for what it asks of the platform. */
export async function openDoor(folder: string, endpoints: Endpoints): Promise<Door> {
  let closed = false;
  const sockets = new Set<Socket>();
  const server = createServer((asked, answer) => {
    const url = new URL(asked.url ?? '/', 'http://door');
    if (!url.pathname.startsWith('/v1/')) void serve(folder, url.pathname, answer);
    else if (closed) answer.destroy();
    else pass(asked, answer, ownerOf(url.pathname, endpoints));
  });
  server.on('upgrade', (asked, client: Socket, head: Buffer) => {
    if (closed) {
      client.destroy();
      return;
    }
    const { hostname, port } = new URL(endpoints.events);
    const upstream = connect(Number(port), hostname, () => {
      const lines = asked.rawHeaders.flatMap((value, i, all) => (i % 2 ? [] : [`${value}: ${all[i + 1]}`]));
      upstream.write(`GET ${asked.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    origin: `http://${host}`,
    cut(isClosed) {
      closed = isClosed;
      if (closed) for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function ownerOf(pathname: string, endpoints: Endpoints): string {
  if (pathname.startsWith('/v1/auth/')) return endpoints.auth;
  if (/^\/v1\/rooms\/[^/]+\/tickets$/.test(pathname)) return endpoints.events;
  return endpoints.rooms;
}

function pass(asked: IncomingMessage, answer: ServerResponse, owner: string): void {
  const { host: _, ...headers } = asked.headers;
  const passed = request(new URL(asked.url ?? '/', owner), { method: asked.method, headers }, (got) => {
    answer.writeHead(got.statusCode ?? 502, got.headers);
    got.pipe(answer);
  });
  passed.on('error', () => answer.destroy());
  asked.pipe(passed);
}

async function serve(folder: string, pathname: string, answer: ServerResponse): Promise<void> {
  answer.setHeader('content-security-policy', POLICY);
  if (pathname === '/') {
    answer.setHeader('content-type', 'text/html');
    answer.end('<!doctype html><title>page</title><script type="module" src="/assets/page.js"></script>');
    return;
  }
  try {
    const file = await readFile(path.join(folder, path.posix.normalize(pathname)));
    answer.setHeader('content-type', TYPES[path.extname(pathname)] ?? 'application/octet-stream');
    answer.end(file);
  } catch {
    answer.writeHead(404).end();
  }
}
