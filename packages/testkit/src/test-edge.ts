import { generateKeyPairSync, sign } from 'node:crypto';

/** An edge as services see one: keys that they trust, and its signed word on a connection. */
export interface TestEdge {
  /** For NIGHTJAR_EDGE_PUBLIC_KEYS_FILE, as its text. */
  readonly publicKeys: string;
  /** The header for a request that came from there. */
  facts(said: { address: string; edge?: string } & Readonly<Record<string, unknown>>): {
    'nightjar-facts': string;
  };
}

const LIVE_MS = 60_000;

/** Written apart from the product's own signing, so that the two must agree on the form. */
export function makeTestEdge(now: () => number = Date.now): TestEdge {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKeys: `edge-test ${privateKey.export({ format: 'jwk' }).x}\n`,
    facts(said) {
      const told = { edge: 'edge_test', ...said, kid: 'edge-test', exp: now() + LIVE_MS };
      const payload = Buffer.from(JSON.stringify(told)).toString('base64url');
      const signature = sign(null, Buffer.from(`nightjar/connection-facts/v1\0${payload}`), privateKey);
      return { 'nightjar-facts': `${payload}.${signature.toString('base64url')}` };
    },
  };
}

/** One for all tests of a process: they need no two. */
export const testEdge: TestEdge = makeTestEdge();
