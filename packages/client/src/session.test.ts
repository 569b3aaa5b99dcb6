import { expect, test } from '@jest/globals';
import { CLOSE, type ServerMessage, type Welcome } from '@nightjar/contracts/ws-protocol';
import { linkFault } from './close-reason.ts';
import { LEAVING_MS_MAX, RESEND_MS, SEAT_ASK_MS, UNANSWERED_MAX, WELCOME_MS_MAX } from './limits.ts';
import { newSession, step, VIEWER_SESSION, wakeMs } from './session.ts';
import type { SessionInput, SessionOptions, SessionOutput, SessionState } from './session-types.ts';

/** Drives the machine by hand: time passes only when a test says so. */
class Bench {
  state: SessionState;
  nowMs = 1_000;
  said: SessionOutput[] = [];

  constructor(options: SessionOptions = VIEWER_SESSION) {
    this.state = newSession(options);
  }

  do(...inputs: SessionInput[]): SessionOutput[] {
    const said = inputs.flatMap((input) => {
      const next = step(this.state, input, { nowMs: this.nowMs, random: 0.5 });
      this.state = next.state;
      return next.outputs;
    });
    this.said.push(...said);
    return said;
  }

  /** Lets time pass, with every tick that the machine asks for. */
  wait(ms: number): SessionOutput[] {
    const end = this.nowMs + ms;
    const said: SessionOutput[] = [];
    for (let due = wakeMs(this.state); due !== undefined && due <= end; due = wakeMs(this.state)) {
      this.nowMs = Math.max(this.nowMs, due);
      said.push(...this.do({ is: 'tick' }));
    }
    this.nowMs = end;
    return said;
  }

  hear(link: number, message: ServerMessage): SessionOutput[] {
    return this.do({ is: 'message', link, message });
  }

  /** From a fresh link to its welcome. */
  join(link: number, welcome: Partial<Welcome> = {}): SessionOutput[] {
    const said = this.do({ is: 'ticket', link, ticket: 't' }, { is: 'opened', link });
    return [...said, ...this.hear(link, welcomeOf(welcome))];
  }

  live(welcome: Partial<Welcome> = {}): this {
    this.do({ is: 'start' });
    this.join(1, welcome);
    return this;
  }
}

function welcomeOf(fields: Partial<Welcome>): Welcome {
  const offset = fields.offset ?? 0;
  return {
    t: 'welcome',
    roomId: 'room_1',
    role: 'viewer',
    epoch: 'e1',
    offset,
    from: offset + 1,
    recovered: false,
    snapshot: { tips: [] },
    viewers: 1,
    serverMs: 0,
    ...fields,
  };
}

function entry(offset: number): ServerMessage {
  return {
    t: 'entry',
    offset,
    kind: 'progress',
    tipId: `tip_${offset}`,
    state: 'queued',
    at: '2026-01-01T00:00:00Z',
  };
}

function tip(id: string): SessionInput {
  const order = { scheme: 's', keyId: 'k', bytes: '' };
  return { is: 'ask', id, message: { t: 'tip', id, amount: '5', order } };
}

function chat(id: string): SessionInput {
  return { is: 'ask', id, message: { t: 'chat', id, body: { scheme: 's', keyId: 'k', bytes: '' } } };
}

function of<T extends SessionOutput['is']>(
  said: SessionOutput[],
  is: T,
): Extract<SessionOutput, { is: T }>[] {
  return said.filter((output): output is Extract<SessionOutput, { is: T }> => output.is === is);
}

function delivered(said: SessionOutput[]): number[] {
  return of(said, 'entry').map(({ offset }) => offset);
}

function written(said: SessionOutput[]): string[] {
  return of(said, 'write').map(({ link, message }) => `${link}:${message.t}`);
}

test('a ticket, a socket, a hello without a place, live', () => {
  const bench = new Bench();
  expect(bench.do({ is: 'start' })).toEqual([{ is: 'get_ticket', link: 1 }]);
  expect(bench.do({ is: 'ticket', link: 1, ticket: 't' })).toEqual([{ is: 'connect', link: 1, ticket: 't' }]);
  expect(bench.do({ is: 'opened', link: 1 })).toEqual([
    { is: 'write', link: 1, message: { t: 'hello', ticket: 't' } },
  ]);
  const said = bench.hear(1, welcomeOf({}));
  expect(said.map(({ is }) => is)).toEqual(['welcome', 'phase']);
  expect(bench.state.phase).toBe('live');
});

test('what the snapshot has in already is marked as past', () => {
  const bench = new Bench().live({ offset: 3, from: 2 });
  const said = [...bench.hear(1, entry(2)), ...bench.hear(1, entry(3)), ...bench.hear(1, entry(4))];
  expect(of(said, 'entry').map(({ offset, past }) => [offset, past])).toEqual([
    [2, true],
    [3, true],
    [4, false],
  ]);
});

test('a lost connection resumes where delivery stopped', () => {
  const bench = new Bench().live();
  bench.hear(1, entry(1));
  const lost = bench.do({ is: 'ended', link: 1, code: 1006 });
  expect(of(lost, 'phase')).toMatchObject([{ phase: 'reconnecting', reason: { code: 'connection_lost' } }]);
  bench.wait(1_000);
  const said = bench.join(2, { offset: 2, from: 2, recovered: true });
  expect(of(said, 'write')[0]?.message).toMatchObject({ t: 'hello', resume: { epoch: 'e1', offset: 1 } });
  expect(of(said, 'welcome')).toMatchObject([{ recovered: true }]);
  expect(delivered(bench.hear(2, entry(2)))).toEqual([2]);
});

test.each([
  ['another epoch', { epoch: 'e2', offset: 9, from: 10, recovered: true }],
  ['a later place than ours', { offset: 9, from: 7, recovered: true }],
  ['a log that lost its tail under the same name', { offset: 3, from: 4, recovered: true }],
])('a claim to have recovered is not believed: %s', (_why, welcome) => {
  const bench = new Bench().live({ offset: 5 });
  bench.do({ is: 'ended', link: 1, code: 1006 });
  bench.wait(1_000);
  const said = bench.join(2, welcome);
  expect(of(said, 'welcome')).toMatchObject([{ recovered: false }]);
});

test('a gap drops the link and comes back to the place before it', () => {
  const bench = new Bench().live();
  bench.hear(1, entry(1));
  const said = bench.hear(1, entry(3));
  expect(delivered(said)).toEqual([]);
  expect(of(said, 'drop')).toEqual([{ is: 'drop', link: 1 }]);
  expect(bench.state).toMatchObject({ phase: 'reconnecting', reason: { code: 'gap' } });
  bench.wait(1_000);
  expect(of(bench.join(2, { offset: 3, from: 2, recovered: true }), 'write')[0]?.message).toMatchObject({
    resume: { offset: 1 },
  });
});

test('an entry that came already is a gap too: the server does not repeat within a socket', () => {
  const bench = new Bench().live();
  bench.hear(1, entry(1));
  expect(of(bench.hear(1, entry(1)), 'drop')).toHaveLength(1);
});

test.each(Object.entries(CLOSE))(
  'close %s: comes back exactly when the protocol says so',
  (_name, { code, retry }) => {
    const bench = new Bench().live();
    bench.do({ is: 'ended', link: 1, code });
    expect(bench.state.phase).toBe(retry ? 'reconnecting' : 'closed');
    expect(of(bench.wait(60_000), 'get_ticket')).toHaveLength(retry ? 1 : 0);
  },
);

test('a ticket that is refused for good closes; one refused for now is asked for again, not before the server said', () => {
  const bench = new Bench();
  bench.do({ is: 'start' });
  const away = { code: 'unavailable', why: '', retry: true };
  bench.do({ is: 'ticket_failed', link: 1, reason: away, waitMs: 4_000 });
  expect(bench.state).toMatchObject({ phase: 'connecting', reason: away });
  expect(of(bench.wait(3_900), 'get_ticket')).toEqual([]);
  expect(of(bench.wait(200), 'get_ticket')).toHaveLength(1);
  bench.do({ is: 'ticket_failed', link: 2, reason: { code: 'room_not_found', why: '', retry: false } });
  expect(bench.state).toMatchObject({ phase: 'closed', reason: { code: 'room_not_found' } });
});

test('pauses grow while it fails, and start anew after a connection that stood', () => {
  const bench = new Bench().live();
  const pauses: number[] = [];
  for (let link = 1; link <= 6; link += 1) {
    bench.do({ is: 'ended', link, code: 1006 });
    pauses.push((bench.state.beginMs ?? 0) - bench.nowMs);
    bench.wait(pauses.at(-1) ?? 0);
  }
  // The first link was live for no time at all, so its end already counts as a failure: 0.5 of 500, then doubling.
  expect(pauses).toEqual([250, 375, 750, 1_500, 3_000, 6_000]);
  bench.join(7, { recovered: true });
  bench.wait(6_000);
  bench.do({ is: 'ended', link: 7, code: 1006 });
  expect((bench.state.beginMs ?? 0) - bench.nowMs).toBe(250);
});

test('a link that says nothing is pinged, then left', () => {
  const bench = new Bench().live();
  expect(written(bench.wait(10_000))).toEqual(['1:ping']);
  bench.hear(1, { t: 'pong', n: 0, serverMs: 0 });
  expect(of(bench.wait(14_999), 'drop')).toEqual([]);
  expect(of(bench.wait(1), 'drop')).toHaveLength(1);
  expect(bench.state.reason?.code).toBe('silent');
});

test('a server that opens and never welcomes is left', () => {
  const bench = new Bench();
  bench.do({ is: 'start' }, { is: 'ticket', link: 1, ticket: 't' }, { is: 'opened', link: 1 });
  expect(of(bench.wait(WELCOME_MS_MAX - 1), 'drop')).toEqual([]);
  expect(of(bench.wait(1), 'drop')).toHaveLength(1);
});

test('going: the second socket first, then the first one is left; no gap, nothing twice', () => {
  const bench = new Bench().live();
  bench.hear(1, entry(1));
  bench.hear(1, { t: 'going', inMs: 300 });
  expect(of(bench.wait(299), 'get_ticket')).toEqual([]);
  expect(of(bench.wait(1), 'get_ticket')).toEqual([{ is: 'get_ticket', link: 2 }]);
  bench.do({ is: 'ticket', link: 2, ticket: 't' }, { is: 'opened', link: 2 });
  // The first socket goes on while the second says hello.
  expect(delivered(bench.hear(1, entry(2)))).toEqual([2]);
  const said = bench.hear(2, welcomeOf({ offset: 3, from: 2, recovered: true }));
  expect(of(said, 'welcome')).toEqual([]);
  expect(of(said, 'drop')).toEqual([{ is: 'drop', link: 1 }]);
  expect(delivered(bench.hear(2, entry(2)))).toEqual([]);
  expect(delivered(bench.hear(2, entry(3)))).toEqual([3]);
  expect(of(bench.said, 'phase').map(({ phase }) => phase)).toEqual(['live']);
});

test('going: when the second socket cannot be had, the first one stays and it is tried again', () => {
  const bench = new Bench().live();
  bench.hear(1, { t: 'going', inMs: 0 });
  bench.wait(0);
  bench.do({ is: 'ticket_failed', link: 2, reason: { code: 'unavailable', why: '', retry: true } });
  expect(bench.state.phase).toBe('live');
  expect(delivered(bench.hear(1, entry(1)))).toEqual([1]);
  expect(of(bench.wait(1_000), 'get_ticket')).toEqual([{ is: 'get_ticket', link: 3 }]);
});

test('going: the first socket ends before the second is there', () => {
  const bench = new Bench().live();
  bench.hear(1, { t: 'going', inMs: 0 });
  bench.wait(0);
  bench.do({ is: 'ticket', link: 2, ticket: 't' }, { is: 'opened', link: 2 });
  bench.do({ is: 'ended', link: 1, code: CLOSE.unavailable.code });
  expect(bench.state.phase).toBe('reconnecting');
  bench.hear(2, welcomeOf({ recovered: true }));
  expect(bench.state.phase).toBe('live');
  expect(bench.state.links.map(({ id }) => id)).toEqual([2]);
});

test('a tip without an answer is written again after a reconnect and, on a live link, after a while', () => {
  const bench = new Bench().live();
  expect(written(bench.do(tip('tip_a')))).toEqual(['1:tip']);
  bench.do({ is: 'ended', link: 1, code: 1006 });
  bench.wait(1_000);
  expect(written(bench.join(2, { recovered: true }))).toEqual(['2:hello', '2:tip']);
  expect(written(bench.wait(RESEND_MS))).toEqual(['2:tip']);
  bench.hear(2, { t: 'receipt', tipId: 'tip_a', seq: '1', held: true });
  expect(written(bench.wait(RESEND_MS))).toEqual([]);
});

test('an ask that the old socket has is not said twice while that may still answer', () => {
  const bench = new Bench().live();
  bench.do(chat('msg_a'));
  bench.hear(1, { t: 'going', inMs: 0 });
  bench.wait(0);
  expect(written(bench.join(2, { recovered: true }))).toEqual(['2:hello']);
  expect(bench.state.links.map(({ stage }) => stage)).toEqual(['leaving', 'ready']);
  const said = bench.hear(1, { t: 'posted', id: 'msg_a', offset: 1 });
  expect(of(said, 'drop')).toEqual([{ is: 'drop', link: 1 }]);
});

test('an old socket that never answers is dropped, and its asks go to the new one', () => {
  const bench = new Bench().live();
  bench.do(tip('tip_a'));
  bench.hear(1, { t: 'going', inMs: 0 });
  bench.wait(0);
  bench.join(2, { recovered: true });
  expect(written(bench.wait(LEAVING_MS_MAX))).toEqual(['2:tip']);
});

test('what waits is bounded, and closing answers all of it', () => {
  const bench = new Bench();
  for (let i = 0; i < UNANSWERED_MAX; i += 1) expect(bench.do(tip(`tip_${i}`))).toEqual([]);
  expect(bench.do(tip('tip_more'))).toEqual([{ is: 'unanswered', id: 'tip_more', code: 'queue_full' }]);
  expect(of(bench.do({ is: 'leave' }), 'unanswered')).toHaveLength(UNANSWERED_MAX);
  expect(bench.do(tip('tip_late'))).toEqual([{ is: 'unanswered', id: 'tip_late', code: 'closed' }]);
  expect(wakeMs(bench.state)).toBeUndefined();
});

test('a moment that has passed is not said later', () => {
  const bench = new Bench();
  bench.do({ is: 'start' });
  expect(bench.do({ is: 'tell', message: { t: 'permit', n: 1 } })).toEqual([]);
  expect(written(bench.join(1))).toEqual(['1:hello']);
});

test('a seat: the new socket takes over only when the seat is held on it', () => {
  const bench = new Bench({ ...VIEWER_SESSION, seat: true, pingEveryMs: 1_000 });
  bench.do({ is: 'start' });
  expect(written(bench.join(1))).toEqual(['1:hello', '1:seat']);
  expect(bench.state.phase).toBe('connecting');
  bench.hear(1, { t: 'seat', held: false, code: 'seat_wait' });
  expect(written(bench.wait(SEAT_ASK_MS))).toEqual(['1:seat']);
  bench.hear(1, { t: 'seat', held: true });
  expect(bench.state.phase).toBe('live');
  bench.hear(1, { t: 'going', inMs: 0 });
  bench.wait(0);
  bench.join(2, { recovered: true });
  expect(written(bench.do({ is: 'tell', message: { t: 'permit', n: 1 } }))).toEqual(['1:permit']);
  bench.hear(2, { t: 'seat', held: true });
  expect(written(bench.do({ is: 'tell', message: { t: 'permit', n: 2 } }))).toEqual(['2:permit']);
});

test('a seat: that our own second socket took it does not end the session, that another bridge did, does', () => {
  const bench = new Bench({ ...VIEWER_SESSION, seat: true });
  bench.do({ is: 'start' });
  bench.join(1);
  bench.hear(1, { t: 'seat', held: true });
  bench.hear(1, { t: 'going', inMs: 0 });
  bench.wait(0);
  bench.join(2, { recovered: true });
  bench.do({ is: 'ended', link: 1, code: CLOSE.seatLost.code });
  bench.hear(2, { t: 'seat', held: true });
  expect(bench.state.phase).toBe('live');
  bench.do({ is: 'ended', link: 2, code: CLOSE.seatLost.code });
  expect(bench.state).toMatchObject({ phase: 'closed', reason: { code: 'seat_lost' } });
});

test('a seat: it is taken from another bridge at the start only', () => {
  const bench = new Bench({ ...VIEWER_SESSION, seat: true });
  bench.do({ is: 'start' });
  expect(of(bench.join(1), 'write')[1]?.message).toEqual({ t: 'seat', take: true });
  bench.hear(1, { t: 'seat', held: true });
  bench.do({ is: 'ended', link: 1, code: 1006 });
  bench.wait(1_000);
  expect(of(bench.join(2, { recovered: true }), 'write')[1]?.message).toEqual({ t: 'seat', take: false });
  bench.hear(2, { t: 'seat', held: false, code: 'seat_taken' });
  expect(bench.state).toMatchObject({ phase: 'closed', reason: { code: 'seat_lost' } });
});

test('a seat: a server that forgot who has it is asked again; until then this bridge is not live', () => {
  const bench = new Bench({ ...VIEWER_SESSION, seat: true });
  bench.do({ is: 'start' });
  bench.join(1);
  bench.hear(1, { t: 'seat', held: true });
  const said = bench.hear(1, { t: 'refused', n: 7, code: 'seat_lost', serverMs: 0 });
  expect(said.map(({ is }) => is)).toEqual(['phase', 'write', 'reply']);
  expect(bench.state.phase).toBe('reconnecting');
  bench.hear(1, { t: 'seat', held: true });
  expect(bench.state.phase).toBe('live');
});

test('a second welcome on the same socket: a new epoch starts over, the same place goes on', () => {
  const bench = new Bench().live();
  bench.hear(1, entry(1));
  const anew = bench.hear(1, welcomeOf({ epoch: 'e2', offset: 4 }));
  expect(of(anew, 'welcome')).toMatchObject([{ recovered: false }]);
  expect(delivered(bench.hear(1, entry(5)))).toEqual([5]);
  const again = bench.hear(1, welcomeOf({ epoch: 'e2', offset: 6, from: 5 }));
  expect(of(again, 'welcome')).toEqual([]);
  expect(delivered([...bench.hear(1, entry(5)), ...bench.hear(1, entry(6))])).toEqual([6]);
});

test('a hand-over that was told of less than the old socket brought meanwhile misses nothing, and starts nothing over', () => {
  const bench = new Bench().live();
  bench.hear(1, { t: 'going', inMs: 0 });
  bench.wait(0);
  bench.do({ is: 'ticket', link: 2, ticket: 't' }, { is: 'opened', link: 2 });
  bench.hear(1, entry(1));
  const said = bench.hear(2, welcomeOf({ offset: 0, from: 1, recovered: true }));
  expect(of(said, 'welcome')).toEqual([]);
  expect(delivered([...bench.hear(2, entry(1)), ...bench.hear(2, entry(2))])).toEqual([2]);
});

test('a hand-over that asked for its place in a former epoch goes on in the new one, told by the old socket', () => {
  const bench = new Bench().live({ offset: 7 });
  bench.hear(1, { t: 'going', inMs: 0 });
  bench.wait(0);
  bench.do({ is: 'ticket', link: 2, ticket: 't' }, { is: 'opened', link: 2 });
  expect(of(bench.hear(1, welcomeOf({ epoch: 'e2', offset: 2, from: 1 })), 'welcome')).toHaveLength(1);
  bench.hear(1, entry(1));
  bench.hear(1, entry(2));
  const said = bench.hear(2, welcomeOf({ epoch: 'e2', offset: 3, from: 1 }));
  expect(of(said, 'welcome')).toEqual([]);
  expect(delivered([1, 2, 3].flatMap((offset) => bench.hear(2, entry(offset))))).toEqual([3]);
});

test('frames of a socket that was dropped change nothing', () => {
  const bench = new Bench().live();
  bench.do({ is: 'bad_frame', link: 1 });
  expect(bench.state.reason).toEqual(linkFault('bad_frame'));
  expect(bench.hear(1, entry(1))).toEqual([]);
  expect(bench.do({ is: 'ended', link: 1, code: 1000 })).toEqual([]);
});
