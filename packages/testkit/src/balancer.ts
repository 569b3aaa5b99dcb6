import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** Spreads connections over several servers, as a load balancer does; a server that is taken out gets no new ones. */
export interface Balancer extends AsyncDisposable {
  readonly url: string;
  /** Those that get new connections, in turn. */
  targets: readonly string[];
}

export async function startBalancer(targets: readonly string[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer((near) => {
    const target = new URL(balancer.targets[turn++ % balancer.targets.length] ?? '');
    const far = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    near.setNoDelay(true);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const balancer: Balancer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return balancer;
}
