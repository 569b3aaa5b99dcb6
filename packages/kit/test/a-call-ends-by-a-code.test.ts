import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { Role, RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { rpcSubject } from '@nightjar/contracts/subjects';
import { eventually } from '@nightjar/testkit/eventually';
import { testNats } from '@nightjar/testkit/test-servers';
import { silentLog } from '../src/log.ts';
import { connectNats } from '../src/nats.ts';
import { Problem } from '../src/problem.ts';
import { RPC_HEADERS, RPC_IN_FLIGHT_MAX } from '../src/rpc.ts';
import { client } from '../src/rpc-client.ts';
import { type RpcHandlers, serve } from '../src/rpc-server.ts';
import { currentTraceparent, inSpan, startTelemetry } from '../src/telemetry.ts';

let server: Awaited<ReturnType<typeof testNats>>;
let theirs: NatsConnection;
let ours: NatsConnection;

beforeAll(async () => {
  server = await testNats();
  theirs = await connectNats(server.url, 'server', silentLog);
  ours = await connectNats(server.url, 'client', silentLog);
});
afterAll(async () => {
  await ours?.close();
  await theirs?.close();
  await server?.[Symbol.asyncDispose]();
});

type Handlers = RpcHandlers<typeof RoomsService>;
const unused = async () => {
  throw new Error('not asked for here');
};
async function serving(handlers: Partial<Handlers>): Promise<AsyncDisposable> {
  const all = { admit: unused, getRoom: unused, listRoomEvents: unused, ...handlers };
  const served = serve(theirs, RoomsService, all, silentLog);
  await theirs.flush();
  return served;
}
const rooms = () => client(ours, 'tester', RoomsService);

test('a call comes back with its answer; the server is told who calls and until when', async () => {
  const calls: object[] = [];
  await using _ = await serving({
    admit: async ({ role }, call) => {
      calls.push(call);
      return { role };
    },
  });
  expect(await rooms().admit({ roomId: 'r', role: Role.BRIDGE })).toMatchObject({ role: Role.BRIDGE });
  const deadlineMs = Date.now() + 500;
  await rooms().admit({ roomId: 'r' }, { deadlineMs });
  expect(calls).toEqual([
    { caller: 'tester', deadlineMs: expect.any(Number) },
    { caller: 'tester', deadlineMs },
  ]);
});

test('nobody serves: unavailable, at once', async () => {
  const began = performance.now();
  await expect(rooms().getRoom({})).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'unavailable',
    retry: true,
  });
  expect(performance.now() - began).toBeLessThan(200);
});

test('no answer in time: deadline, when it passes and not later', async () => {
  await using _ = await serving({
    getRoom: () => new Promise((resolve) => setTimeout(() => resolve({}), 400)),
  });
  const began = performance.now();
  const call = rooms().getRoom({}, { deadlineMs: Date.now() + 150 });
  await expect(call).rejects.toMatchObject({ kind: 'deadline', code: 'deadline', retry: true });
  expect(performance.now() - began).toBeLessThan(350);
  await expect(rooms().getRoom({}, { deadlineMs: Date.now() - 1 })).rejects.toMatchObject({
    code: 'deadline',
  });
});

test('a request past its deadline, or without one, is not worked on', async () => {
  let worked = 0;
  await using _ = await serving({
    getRoom: async () => {
      worked++;
      return {};
    },
  });
  const subject = rpcSubject(RoomsService.method.getRoom);
  for (const deadline of [String(Date.now() - 1), 'x', undefined]) {
    const head = headers();
    if (deadline) head.set(RPC_HEADERS.deadline, deadline);
    ours.publish(subject, new Uint8Array(), { headers: head });
  }
  await rooms().getRoom({});
  expect(worked).toBe(1);
});

test('a problem keeps its kind, code and text; anything else is internal and tells nothing', async () => {
  const text = 'Geh später – „nochmal“. 100 %';
  await using _ = await serving({
    admit: async () => {
      throw new Problem('refused', 'seat_taken', text, new Error('inside'));
    },
    getRoom: async () => {
      throw new Error('select * from secrets');
    },
  });
  const told = { kind: 'refused', code: 'seat_taken', message: text, retry: false };
  await expect(rooms().admit({})).rejects.toMatchObject(told);
  await expect(rooms().admit({})).rejects.toBeInstanceOf(Problem);
  const hidden = await rooms()
    .getRoom({})
    .catch((error: Problem) => error);
  expect(hidden).toMatchObject({ kind: 'internal', code: 'internal' });
  expect(String(hidden)).not.toContain('secrets');
});

test('bytes that are no request are answered, and the server goes on', async () => {
  await using _ = await serving({ getRoom: async () => ({ roomId: 'r' }) });
  const head = headers();
  head.set(RPC_HEADERS.deadline, String(Date.now() + 1_000));
  const subject = rpcSubject(RoomsService.method.getRoom);
  const reply = await ours.request(subject, Uint8Array.of(0xff, 0xff, 0xff), {
    timeout: 1_000,
    headers: head,
  });
  expect(reply.headers?.get(RPC_HEADERS.errorCode)).toBe('internal');
  expect((await rooms().getRoom({})).roomId).toBe('r');
});

test('more at once than it takes: the rest are told at once, and it serves again when there is room', async () => {
  const gate = Promise.withResolvers<void>();
  let working = 0;
  await using _ = await serving({
    getRoom: async () => {
      working++;
      await gate.promise;
      return {};
    },
  });
  const waiting = Array.from({ length: RPC_IN_FLIGHT_MAX }, () =>
    rooms().getRoom({}, { deadlineMs: Date.now() + 9_000 }),
  );
  await eventually(() => expect(working).toBe(RPC_IN_FLIGHT_MAX));
  await expect(rooms().getRoom({})).rejects.toMatchObject({
    kind: 'too_many',
    code: 'overloaded',
    retry: true,
  });
  gate.resolve();
  await Promise.all(waiting);
  await rooms().getRoom({});
});

test('the trace of the caller goes on in the server', async () => {
  await using _telemetry = startTelemetry('test', '');
  const seen: (string | undefined)[] = [];
  await using _ = await serving({
    getRoom: async () => {
      seen.push(currentTraceparent());
      return {};
    },
  });
  const traceparents: (string | undefined)[] = [];
  await inSpan('asking', {}, async () => {
    traceparents.push(currentTraceparent());
    await rooms().getRoom({});
  });
  const traceId = (traceparent: string | undefined) => traceparent?.split('-')[1];
  expect(traceId(seen[0])).toMatch(/^[0-9a-f]{32}$/);
  expect(traceId(seen[0])).toBe(traceId(traceparents[0]));
  expect(seen[0]).not.toBe(traceparents[0]);
});

test('who stops serving answers what it began, and leaves the rest to others', async () => {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const served = await serving({
    getRoom: async () => {
      begun.resolve();
      await gate.promise;
      return { roomId: 'late' };
    },
  });
  const call = rooms().getRoom({});
  await begun.promise;
  const stopped = served[Symbol.asyncDispose]();
  await eventually(() => expect(rooms().admit({})).rejects.toMatchObject({ code: 'unavailable' }));
  gate.resolve();
  expect((await call).roomId).toBe('late');
  await stopped;
});

test('NATS away: a call ends by a code, a server can stop; back: calls are answered again', async () => {
  await using _ = await serving({ getRoom: async () => ({ roomId: 'r' }) });
  const leaving = await connectNats(server.url, 'leaving', silentLog);
  const gone = serve(
    leaving,
    RoomsService,
    { admit: unused, getRoom: unused, listRoomEvents: unused },
    silentLog,
  );
  await leaving.flush();
  await server.stop();
  await expect(rooms().getRoom({}, { deadlineMs: Date.now() + 500 })).rejects.toMatchObject({ retry: true });
  const began = performance.now();
  await gone[Symbol.asyncDispose]();
  await leaving.close();
  expect(performance.now() - began).toBeLessThan(3_000);
  await server.restart();
  await eventually(async () => expect((await rooms().getRoom({})).roomId).toBe('r'));
}, 60_000);
