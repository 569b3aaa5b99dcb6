import path from 'node:path';
import { freePort } from '@nightjar/testkit/servers/ports';
import { type Platform, startPlatform } from '../../scripts/lib/platform.ts';
import { temporaryFolder } from '../lib/temporary-folder.ts';

export interface EdgePlatform extends AsyncDisposable {
  readonly platform: Platform;
  /** The door at which a request says where it comes from. */
  readonly testDoor: string;
}

const MANY = '10000';

/** The whole platform behind its edge, with a second door for tests of where clients come from. */
export async function edgePlatform(
  options: { edges?: number; pages?: boolean; demo?: boolean } = {},
): Promise<EdgePlatform> {
  const { edges = 1, pages = false, demo = false } = options;
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder('edge'));
  const port = await freePort();
  const platform = stack.use(
    await startPlatform({
      state: path.join(home.path, 'state'),
      ports: 'free',
      durable: false,
      edge: true,
      pages,
      demo,
      instances: { edge: edges },
      env: {
        auth: { NIGHTJAR_SIGN_IN_PER_SECOND: MANY, NIGHTJAR_SIGN_IN_BURST: MANY },
        events: { NIGHTJAR_TICKETS_PER_SECOND: MANY, NIGHTJAR_TICKETS_BURST: MANY },
        // Of one edge, since a second one cannot listen there too.
        edge: edges > 1 ? {} : { NIGHTJAR_EDGE_TEST_LISTEN: `127.0.0.1:${port}` },
      },
    }),
  );
  const owned = stack.move();
  return {
    platform,
    testDoor: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The header by which a request says at the test door where it comes from. */
export function from(country: string | undefined, address = '192.0.2.77'): Record<string, string> {
  return { 'cf-blob': JSON.stringify({ clientIp: `${address}:1000`, ...(country ? { country } : {}) }) };
}
