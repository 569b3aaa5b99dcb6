import { expect, test } from '@jest/globals';
import { asAdmin } from '@nightjar/database/admin';
import { Client } from 'pg';
import { askTcp } from '../src/servers/ask.ts';
import { exists } from '../src/servers/child.ts';
import { testDatabase, testNats, testPostgres, testRedis } from '../src/test-servers.ts';

test('PostgreSQL killed with its sessions open keeps what was committed, on the same port', async () => {
  await using server = await testPostgres();
  await using db = await testDatabase({ schemas: ['ledger'], server });
  await asAdmin(db.urls.ledger, (client) => client.query('create table kept as select 1 as n'));
  const session = new Client({ connectionString: db.urls.ledger });
  let lost = false;
  session.on('error', () => {
    lost = true;
  });
  await session.connect();
  const before = server.pid;
  await server.kill();
  expect(exists(before)).toBe(false);
  await expect(session.query('select 1')).rejects.toThrow();
  expect(lost).toBe(true);
  await server.restart();
  expect(server.pid).not.toBe(before);
  const { rows } = await asAdmin(db.urls.ledger, (client) => client.query('select n from kept'));
  expect(rows).toEqual([{ n: 1 }]);
});

test('Redis comes back empty on the same port', async () => {
  await using redis = await testRedis();
  await askTcp(redis.port, 'SET k v\r\n', /^\+OK/);
  await redis.restart();
  expect(await askTcp(redis.port, 'GET k\r\n', /^\$/)).toBe('$-1\r\n');
});

test('a Redis that is paused keeps its connections and answers after it resumes', async () => {
  await using redis = await testRedis();
  await redis.pause();
  await expect(askTcp(redis.port, 'PING\r\n', /PONG/, 200)).rejects.toThrow('no answer in 200 ms');
  await redis.resume();
  await askTcp(redis.port, 'PING\r\n', /PONG/);
});

test('Redis runs function libraries and streams', async () => {
  await using redis = await testRedis();
  const library =
    "#!lua name=t\nredis.register_function('put', function(k) return redis.call('XADD', k[1], '*', 'f', 'v') end)";
  await askTcp(
    redis.port,
    `*3\r\n$8\r\nFUNCTION\r\n$4\r\nLOAD\r\n$${library.length}\r\n${library}\r\n`,
    /^\$1\r\nt\r\n/,
  );
  await askTcp(redis.port, 'FCALL put 1 s\r\n', /^\$\d+\r\n\d+-0\r\n/);
  await askTcp(redis.port, 'XLEN s\r\n', /^:1\r\n/);
});

test('NATS keeps its streams over a kill', async () => {
  await using nats = await testNats();
  const ask = (subject: string, body: object, expected: RegExp) =>
    askTcp(
      nats.port,
      `CONNECT {"verbose":false}\r\nSUB _INBOX.t 1\r\nPUB ${subject} _INBOX.t ${JSON.stringify(body).length}\r\n${JSON.stringify(body)}\r\n`,
      expected,
    );
  await ask(
    '$JS.API.STREAM.CREATE.s',
    { name: 's', subjects: ['s.>'], storage: 'file' },
    /"did_create":true/,
  );
  await nats.kill();
  await nats.restart();
  await ask('$JS.API.STREAM.INFO.s', {}, /stream_info_response.*"name":"s"/);
});

test('with users NATS lets nobody else in, and each only where it may', async () => {
  await using nats = await testNats({
    users: [{ user: 'rooms', password: 'p', publish: ['evt.rooms.>'], subscribe: ['_INBOX.>'] }],
  });
  await askTcp(nats.port, 'CONNECT {"verbose":false}\r\nPING\r\n', /Authorization Violation/);
  await askTcp(
    nats.port,
    'CONNECT {"verbose":false,"user":"rooms","pass":"p"}\r\nPUB evt.payments.x 0\r\n\r\nPING\r\n',
    /Permissions Violation for Publish to "evt.payments.x"/,
  );
});
