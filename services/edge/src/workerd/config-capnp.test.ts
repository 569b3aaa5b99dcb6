import { expect, test } from '@jest/globals';
import { configCapnp, quoted } from './config-capnp.ts';

const config = {
  worker: 'worker.js',
  listen: { host: '127.0.0.1', port: 1 },
  testListen: undefined,
  upstreams: { ROOMS: 'http://rooms:7802', LIVEKIT: 'wss://media.example' },
  json: { EDGE: { name: 'A "den"\n' } },
  texts: { FACTS_KEY: 'k' },
};

test('the header that says where a client comes from belongs to the test door and to no other', () => {
  expect(configCapnp(config)).not.toContain('cfBlobHeader');
  const text = configCapnp({ ...config, testListen: { host: '::1', port: 2 } });
  expect(text.match(/cfBlobHeader/g)).toHaveLength(1);
  expect(text).toContain('(name = "http", address = "127.0.0.1:1", http = (), service = "edge")');
  expect(text).toMatch(/name = "test", address = "\[::1\]:2", http = \(cfBlobHeader/);
});

test('the Worker reaches what is named, and nothing else', () => {
  const text = configCapnp(config);
  expect(text).toContain('globalOutbound = "nowhere"');
  expect(text).toContain('(name = "upstream-rooms", external = (address = "rooms:7802", http = ()))');
  expect(text).toContain('(address = "media.example:443", https = ');
});

test.each([
  ['plain', '"plain"'],
  ['a "b" \\ c', '"a \\"b\\" \\\\ c"'],
  ['line\nfeed\0', '"line\\x0afeed\\x00"'],
  ['ä €', '"ä €"'],
])('%j is written as %s', (text, written) => {
  expect(quoted(text)).toBe(written);
});
