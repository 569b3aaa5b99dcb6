import path from 'node:path';
import type { RunningServer } from '@nightjar/testkit/servers/running-server';
import { type Platform, startPlatform } from '../../scripts/lib/platform.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** One client address makes all of them in a test. */
const MANY = '10000';

export interface TestPlatform extends AsyncDisposable, Platform {
  /** A server that was started here, so that it can be stopped and frozen. */
  server(name: 'postgres' | 'redis' | 'nats' | 'livekit'): RunningServer;
}

/** The whole platform as processes of their own, on free ports, with a state that goes with it. */
export async function platformUnderTest(
  options: {
    otlpUrl?: string;
    instances?: { events: number; edge?: number };
    edge?: boolean;
    pages?: boolean;
    /** A build of the pages in another folder than its own. */
    pagesFolder?: string;
    demo?: boolean;
  } = {},
): Promise<TestPlatform> {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder('test'));
  const otlp: Record<string, string> = options.otlpUrl ? { NIGHTJAR_OTLP_URL: options.otlpUrl } : {};
  const platform = stack.use(
    await startPlatform({
      state: path.join(home.path, 'state'),
      ports: 'free',
      durable: false,
      ...(options.edge ? { edge: true } : {}),
      ...(options.pages ? { pages: true } : {}),
      ...(options.demo ? { demo: true } : {}),
      ...(options.instances ? { instances: options.instances } : {}),
      env: {
        auth: { ...otlp, NIGHTJAR_SIGN_IN_PER_SECOND: MANY, NIGHTJAR_SIGN_IN_BURST: MANY },
        rooms: otlp,
        payments: { ...otlp, NIGHTJAR_WALLETS_PER_SECOND: MANY, NIGHTJAR_WALLETS_BURST: MANY },
        geofence: otlp,
        web: options.pagesFolder ? { NIGHTJAR_PAGES_FOLDER: options.pagesFolder } : {},
        events: { ...otlp, NIGHTJAR_TICKETS_PER_SECOND: MANY, NIGHTJAR_TICKETS_BURST: MANY },
      },
    }),
  );
  const owned = stack.move();
  return Object.assign(platform, {
    server(name: 'postgres' | 'redis' | 'nats' | 'livekit') {
      const server = platform.servers[name];
      if (!('pause' in server)) throw new Error(`${name} was not started here`);
      return server;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  });
}
