import type { ContainerEngine } from '@nightjar/testkit/containers/container-engine';

const STORES = ['postgres:5432', 'nats:4222', 'valkey:6379'];
const CONNECT_MS_MAX = 2_000;

/** Who can open a connection to whom: the door and the pages never to a store, everybody else of the services to theirs. */
const REACH: readonly { from: string; to: readonly string[]; may: boolean }[] = [
  { from: 'edge', to: STORES, may: false },
  { from: 'web', to: STORES, may: false },
  {
    from: 'edge',
    to: [
      'auth:8080',
      'rooms:8080',
      'payments:8080',
      'events:8080',
      'geofence:8080',
      'web:8080',
      'livekit:7880',
    ],
    may: true,
  },
  { from: 'events', to: ['valkey:6379', 'nats:4222'], may: true },
  { from: 'rooms', to: ['postgres:5432', 'nats:4222', 'livekit:7880'], may: true },
];

export async function judgeReach(engine: ContainerEngine): Promise<string[]> {
  const faults: string[] = [];
  for (const { from, to, may } of REACH) {
    const script = `
      const { connect } = require('node:net');
      Promise.all(${JSON.stringify(to)}.map((server) => new Promise((resolve) => {
        const [host, port] = server.split(':');
        const socket = connect({ host, port: Number(port), timeout: ${CONNECT_MS_MAX} });
        socket.once('connect', () => resolve(server)).once('error', () => resolve()).once('timeout', () => resolve());
      }))).then((reached) => { console.log(JSON.stringify(reached.filter(Boolean))); process.exit(0); });`;
    const said = await engine.run(['exec', `nightjar-${from}-1`, '/usr/local/bin/node', '--eval', script]);
    const reached = new Set(JSON.parse(said) as string[]);
    for (const server of to)
      if (reached.has(server) !== may) faults.push(`${from} ${may ? 'cannot reach' : 'reaches'} ${server}`);
  }
  return faults;
}
