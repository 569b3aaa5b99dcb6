import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { makeCertificates } from '@nightjar/testkit/kubernetes/certificates';
import { startNats } from '@nightjar/testkit/servers/nats';
import { testNats, testPostgres, testRedis } from '@nightjar/testkit/test-servers';
import { silentLog } from '../src/log.ts';
import { connectNats } from '../src/nats.ts';
import { openPool } from '../src/postgres.ts';
import { SettingsError } from '../src/settings.ts';

jest.setTimeout(60_000);

const PROGRAM = path.join(import.meta.dirname, 'connect-with-tls.ts');
const ONE = [{ user: 'one', password: 'hush' }];
const stack = new AsyncDisposableStack();
let folder: string;
const file = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nightjar-tls-'));
  stack.defer(() => rm(folder, { recursive: true }));
  await makeCertificates(folder, [{ name: 'server', subject: '/CN=server', hosts: ['DNS:localhost'] }]);
});
afterAll(() => stack.disposeAsync());

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Lets a program connect that knows our authority, or does not. */
async function enters(url: string, known: boolean): Promise<{ code: number | null; said: string }> {
  const child = spawn(
    process.execPath,
    ['--conditions=nightjar-source', '--disable-warning=ExperimentalWarning', PROGRAM, url],
    {
      env: { PATH: process.env.PATH, ...(known ? { NODE_EXTRA_CA_CERTS: file('ca.crt') } : {}) },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const [[code], said] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return { code, said: said.trim() };
}

async function expectOurAuthorityIsNeeded(url: string): Promise<void> {
  expect(await enters(url, true)).toEqual({ code: 0, said: '' });
  expect(await enters(url, false)).toEqual({ code: 1, said: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
}

test.each([undefined, 5_000])(
  'a NATS without TLS is refused before it is told a name or a password (waiting %p ms)',
  async (firstWithinMs) => {
    await using server = await testNats({ users: ONE });
    const heard: Buffer[] = [];
    const relay = createServer((socket) => {
      const behind = connect(server.port, '127.0.0.1');
      socket.on('data', (bytes) => heard.push(bytes)).on('error', () => behind.destroy());
      behind.on('error', () => socket.destroy());
      socket.pipe(behind).pipe(socket);
    });
    await using _ = { [Symbol.asyncDispose]: async () => void relay.close() };
    const port = await listening(relay);
    const options = firstWithinMs === undefined ? {} : { firstWithinMs };
    const failure = await connectNats(`tls://one:hush@localhost:${port}`, 'test', silentLog, options).catch(
      (error) => error,
    );
    expect(failure).toBeInstanceOf(SettingsError);
    expect(failure.message).toContain('the server offers no TLS, so it was told nothing: turn TLS on there');
    expect(failure.message).not.toContain('hush');
    expect(Buffer.concat(heard).toString()).toBe('');
    const nats = await connectNats(`nats://one:hush@localhost:${port}`, 'test', silentLog);
    await nats.close();
    expect(Buffer.concat(heard).toString()).toContain('hush');
  },
);

test('NATS with a certificate of a private authority is entered by whoever has NODE_EXTRA_CA_CERTS name it', async () => {
  const config = `tls { cert_file: "${file('server.crt')}", key_file: "${file('server.key')}" }`;
  await using server = await startNats({ users: ONE, config });
  await expectOurAuthorityIsNeeded(`tls://one:hush@localhost:${server.port}`);
});

test('so is PostgreSQL', async () => {
  await using server = await testPostgres();
  const [certificate, key] = await Promise.all([
    readFile(file('server.crt'), 'base64'),
    readFile(file('server.key'), 'base64'),
  ]);
  const admin = openPool(server.url, 'test', 1, silentLog);
  const files = { 'server.crt': certificate, 'server.key': key };
  // It wants the key to be its own user's.
  for (const [name, value] of Object.entries(files))
    await admin.query(`copy (select '${value}') to program 'umask 077 && base64 --decode >${name}'`);
  await admin.query('alter system set ssl = on');
  await admin.query('select pg_reload_conf()');
  await admin.end();
  const url = new URL(server.url);
  url.hostname = 'localhost';
  url.searchParams.set('sslmode', 'verify-full');
  await expectOurAuthorityIsNeeded(url.href);
});

test('so is Redis', async () => {
  await using server = await testRedis({ password: 'hush' });
  // Ours is built without TLS, so it stands behind somebody who has it.
  const door = createTlsServer(
    { cert: await readFile(file('server.crt')), key: await readFile(file('server.key')) },
    (socket) => {
      const behind = connect(server.port, '127.0.0.1');
      socket.on('error', () => behind.destroy());
      behind.on('error', () => socket.destroy());
      socket.pipe(behind).pipe(socket);
    },
  );
  await using _ = { [Symbol.asyncDispose]: async () => void door.close() };
  await expectOurAuthorityIsNeeded(`rediss://:hush@localhost:${await listening(door)}`);
});
