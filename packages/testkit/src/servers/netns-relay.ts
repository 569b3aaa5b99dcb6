import { connect, createServer } from 'node:net';

// Run inside a network namespace that has nothing but loopback: `netns-relay.ts PORT...`. File descriptors 3, 4, … are
// listening sockets of the world outside, one for each port, and every connection to one is carried to that port in here.
// As long as this runs, the namespace exists.
for (const [index, port] of process.argv.slice(2).entries()) {
  createServer({ allowHalfOpen: true, noDelay: true }, (outside) => {
    const inside = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    outside.pipe(inside).pipe(outside);
    // A broken connection is passed on as broken, a closed one as closed.
    for (const [one, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      one.on('error', () => other.resetAndDestroy());
      one.on('close', () => other.destroySoon());
    }
  }).listen({ fd: 3 + index });
}
