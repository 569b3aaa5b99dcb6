import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { eventually } from '@nightjar/testkit/eventually';
import { startNats } from '@nightjar/testkit/servers/nats';
import { testBus, testNats } from '@nightjar/testkit/test-servers';
import { type Log, type LogFields, silentLog } from '../src/log.ts';
import { connectNats } from '../src/nats.ts';

function keptLog() {
  const lines: { readonly event: string; readonly fields: LogFields | undefined }[] = [];
  const keep = (event: string, fields?: LogFields) => void lines.push({ event, fields });
  const log: Log = { ...silentLog, warn: keep, error: keep };
  return { log, lines, events: () => lines.map(({ event }) => event) };
}

function closing(nc: NatsConnection): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => nc.close() };
}

const ONE = (password: string) => [{ user: 'one', password }];
const urlOf = (server: { url: string }, password: string) => server.url.replace('//', `//one:${password}@`);

test('a wrong password ends a start, and is not in what is thrown', async () => {
  await using server = await testNats({ users: ONE('right') });
  const starting = connectNats(urlOf(server, 'wrong'), 'test', silentLog);
  await expect(starting).rejects.toThrow(/Authorization Violation/);
  await expect(starting).rejects.not.toThrow(/wrong/);
});

test('a server that is not there yet is waited for', async () => {
  await using server = await testNats();
  await server.stop();
  const starting = connectNats(server.url, 'test', silentLog);
  await server.restart();
  const nc = await starting;
  await using _ = closing(nc);
  await nc.flush();
});

test('a password that is changed under way is asked for again and again, until it is right', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'nightjar-bus-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const server = stack.use(await startNats({ users: ONE('first'), directory }));
  const { log, events } = keptLog();
  const nc = await connectNats(urlOf(server, 'first'), 'test', log);
  stack.defer(() => nc.close());
  const file = path.join(directory, 'nats.conf');
  const before = await readFile(file, 'utf8');
  await writeFile(file, before.replace('first', 'second'));
  await server.restart();
  await eventually(() =>
    expect(events().filter((event) => event === 'nats_sign_in_refused').length).toBeGreaterThan(3),
  );
  expect(nc.isClosed()).toBe(false);
  await writeFile(file, before);
  await server.restart();
  await eventually(() => expect(events()).toContain('nats_reconnect'));
  await nc.flush();
});

test('what may not be said or heard is logged with its subject, and everything else goes on', async () => {
  await using bus = await testBus();
  const { log, lines } = keptLog();
  const nc = await connectNats(bus.urlOf('rooms'), 'test', log, { user: 'rooms' });
  await using _ = closing(nc);
  const failures: unknown[] = [];
  nc.subscribe('rpc.payments.v1.Tip', { callback: (error) => void failures.push(error?.name) });
  nc.publish('evt.payments.v1.tip_accepted.1');
  await eventually(() => expect(lines).toHaveLength(2));
  expect(lines).toEqual([
    {
      event: 'nats_permission_refused',
      fields: { code: 'subscription', method: 'rpc.payments.v1.Tip' },
    },
    {
      event: 'nats_permission_refused',
      fields: { code: 'publish', method: 'evt.payments.v1.tip_accepted.1' },
    },
  ]);
  expect(failures).toEqual(['PermissionViolationError']);
  const own = nc.subscribe('rpc.rooms.v1.GetRoom');
  await nc.flush();
  expect(own.isClosed()).toBe(false);
});

test("answers come to the user's own inboxes", async () => {
  await using bus = await testBus();
  const events = await connectNats(bus.urlOf('events'), 'test', silentLog, { user: 'events' });
  await using _ = closing(events);
  const rooms = await connectNats(bus.urlOf('rooms'), 'test', silentLog, { user: 'rooms' });
  await using __ = closing(rooms);
  const replies: string[] = [];
  rooms.subscribe('rpc.rooms.v1.GetRoom', {
    callback: (_error, message) => {
      replies.push(message.reply ?? '');
      message.respond('room');
    },
  });
  await rooms.flush();
  expect((await events.request('rpc.rooms.v1.GetRoom')).string()).toBe('room');
  expect(replies).toEqual([expect.stringMatching(/^_INBOX_events\.\w+\.\w+$/)]);
});
