import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP line to one port of this machine that can be cut: closed, or silent as a cable that was pulled. */
export interface Line extends AsyncDisposable {
  readonly port: number;
  /** Closes all connections; new ones are refused until `mend`. */
  close(): void;
  /** Nothing passes any more, in either direction, and nobody is told. */
  pull(): void;
  mend(): void;
}

export async function startLine(toPort: number): Promise<Line> {
  let state: 'whole' | 'closed' | 'pulled' = 'whole';
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    if (state === 'closed') {
      near.destroy();
      return;
    }
    const far = connect({ host: '127.0.0.1', port: toPort, noDelay: true });
    near.setNoDelay(true);
    join(near, far);
    join(far, near);
  });
  function join(from: Socket, to: Socket): void {
    ends.add(from);
    from.on('data', (data) => {
      if (state === 'whole') to.write(data);
    });
    from.on('close', () => {
      ends.delete(from);
      if (state !== 'pulled') to.destroy();
    });
    from.on('error', () => {});
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const drop = () => {
    for (const end of ends) end.destroy();
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close() {
      state = 'closed';
      drop();
    },
    pull() {
      state = 'pulled';
    },
    mend() {
      // What was pulled is dead by now; the ends find out, as they do when a cable comes back.
      drop();
      state = 'whole';
    },
    async [Symbol.asyncDispose]() {
      drop();
      server.close();
    },
  };
}
