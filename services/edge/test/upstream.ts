import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** What the edge sent to whatever stands behind it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Upstream extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Sockets that are open; each says back what it is told. */
  readonly sockets: ReadonlySet<{ close(): void }>;
  /** Changes what it answers. */
  answer: (seen: Seen) => Answer | Promise<Answer>;
}

/** A server behind the edge that keeps what it was sent. Answers with the path that it was asked for, unless told otherwise. */
export async function startUpstream(answer?: Upstream['answer']): Promise<Upstream> {
  const seen: Seen[] = [];
  const upstream = {
    answer: answer ?? (({ path }: Seen): Answer => ({ body: path })),
  };
  const server = createServer((request, response) => void reply(request, response));
  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await request.toArray()).join('');
    const said = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    seen.push(said);
    const { status = 200, headers = {}, body: content = '' } = await upstream.answer(said);
    response.writeHead(status, headers).end(content);
  }
  const sockets = new WebSocketServer({
    server,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  sockets.on('connection', (socket, request) => {
    seen.push({ method: 'SOCKET', path: request.url ?? '', headers: request.headers, body: '' });
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(upstream, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    sockets: sockets.clients,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
