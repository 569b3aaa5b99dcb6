import { expect, test } from '@jest/globals';
import type {
  ClientMessage,
  LogEntry,
  LogPlace,
  ServerMessage,
  Welcome,
} from '@nightjar/contracts/ws-protocol';
import fc from 'fast-check';
import { newSession, step, VIEWER_SESSION, wakeMs } from './session.ts';
import type { SessionInput, SessionOutput, SessionState } from './session-types.ts';

interface Socket {
  readonly up: ClientMessage[];
  readonly down: ServerMessage[];
  open: boolean;
  /** The epoch that it was welcomed to. */
  said: number;
}

/**
 * A server with one room, and a network in between that may lose whatever is under way on a socket when it breaks, but
 * nothing else: TCP. The log's entries are numbered by the server, so what the client delivers can be compared.
 */
class World {
  state: SessionState = newSession(VIEWER_SESSION);
  nowMs = 0;
  epoch = 1;
  /** Of the present epoch; the oldest ones may have been trimmed. */
  log: LogEntry[] = [];
  trimmed = 0;
  sockets = new Map<number, Socket>();
  wanted: number[] = [];
  ledger = new Map<string, number>();
  delivered: { epoch: string; offset: number; entry: LogEntry }[] = [];
  place: LogPlace | undefined;
  answered = new Set<string>();
  asked = 0;
  ready = 0;
  handovers = 0;

  do(input: SessionInput): void {
    const next = step(this.state, input, { nowMs: this.nowMs, random: 0.5 });
    const ready = next.state.links.filter(({ stage }) => stage === 'ready').map(({ id }) => id);
    expect(ready.length).toBeLessThanOrEqual(1);
    // A new link took over while the one before still stood.
    if (
      ready[0] !== undefined &&
      ready[0] !== this.ready &&
      input.is === 'message' &&
      this.sockets.has(this.ready)
    ) {
      this.handovers += 1;
    }
    this.ready = ready[0] ?? 0;
    this.state = next.state;
    for (const output of next.outputs) this.act(output);
  }

  act(output: SessionOutput): void {
    switch (output.is) {
      case 'get_ticket':
        this.wanted.push(output.link);
        break;
      case 'connect':
        this.sockets.set(output.link, { up: [], down: [], open: false, said: 0 });
        break;
      case 'write':
        this.sockets.get(output.link)?.up.push(output.message);
        break;
      case 'drop':
        this.sockets.delete(output.link);
        break;
      case 'welcome':
        this.onWelcome(output.welcome, output.recovered);
        break;
      case 'entry':
        expect(output.offset).toBe((this.place?.offset ?? Number.NaN) + 1);
        this.place = { epoch: this.place?.epoch ?? '', offset: output.offset };
        this.delivered.push({ ...this.place, entry: output.entry });
        break;
      case 'reply':
        if (output.message.t === 'receipt') this.answered.add(output.message.tipId);
        if (output.message.t === 'posted') this.answered.add(output.message.id);
        break;
      default:
        break;
    }
  }

  onWelcome({ epoch, from }: Welcome, recovered: boolean): void {
    if (recovered) {
      expect(this.place).toMatchObject({ epoch });
      return;
    }
    // Nobody is told to begin anew who missed nothing.
    if (this.place?.epoch === epoch) expect(from).toBeGreaterThan(this.place.offset + 1);
    this.place = { epoch, offset: from - 1 };
  }

  append(entry: LogEntry): void {
    this.log.push(entry);
    for (const socket of this.sockets.values()) {
      if (socket.said === this.epoch)
        socket.down.push({ t: 'entry', offset: this.trimmed + this.log.length, ...entry });
    }
  }

  /** The server reads the next message of a socket. */
  serve(link: number): void {
    const socket = this.sockets.get(link);
    const message = socket?.up.shift();
    if (!socket || !message) return;
    if (message.t === 'hello') {
      this.welcome(socket, message.resume);
    } else if (message.t === 'ping') {
      socket.down.push({ t: 'pong', n: message.n, serverMs: 0 });
    } else if (message.t === 'tip') {
      const seq = this.ledger.get(message.id) ?? this.ledger.size + 1;
      if (!this.ledger.has(message.id)) {
        this.ledger.set(message.id, seq);
        this.append({
          kind: 'tip',
          tipId: message.id,
          from: 'pn',
          amount: message.amount,
          held: false,
          at: '',
        });
      }
      socket.down.push({ t: 'receipt', tipId: message.id, seq: `${seq}`, held: false });
    } else if (message.t === 'chat') {
      // The real server remembers the ids of lines for a while.
      if (!this.ledger.has(message.id)) {
        this.append({ kind: 'chat', id: message.id, from: 'pn', body: message.body, at: '' });
        this.ledger.set(message.id, this.trimmed + this.log.length);
      }
      socket.down.push({ t: 'posted', id: message.id, offset: this.ledger.get(message.id) ?? 0 });
    }
  }

  welcome(socket: Socket, resume: LogPlace | undefined): void {
    const offset = this.trimmed + this.log.length;
    const recovered =
      resume?.epoch === `${this.epoch}` && resume.offset >= this.trimmed && resume.offset <= offset;
    // Somebody who does not go on is shown a little of the past.
    const from = recovered ? resume.offset + 1 : Math.max(this.trimmed, offset - 2) + 1;
    socket.down.push({
      ...{ t: 'welcome', roomId: 'room_1', role: 'viewer', epoch: `${this.epoch}`, offset, from, recovered },
      ...{ snapshot: { tips: [] }, viewers: 1, serverMs: 0 },
    });
    this.log.slice(from - 1 - this.trimmed).forEach((entry, i) => {
      socket.down.push({ t: 'entry', offset: from + i, ...entry });
    });
    socket.said = this.epoch;
  }

  /** The client reads the next frame of a socket. */
  hear(link: number): void {
    const message = this.sockets.get(link)?.down.shift();
    if (message) this.do({ is: 'message', link, message });
  }

  cut(link: number): void {
    if (this.sockets.delete(link)) this.do({ is: 'ended', link, code: 1006 });
  }

  newEpoch(): void {
    this.epoch += 1;
    this.log = [];
    this.trimmed = 0;
    // Sockets stay and are told to begin again, as after a Redis that was emptied.
    for (const socket of this.sockets.values()) if (socket.said !== 0) this.welcome(socket, undefined);
  }

  tick(ms: number): void {
    this.nowMs += ms;
    this.do({ is: 'tick' });
  }

  links(): number[] {
    return [...this.sockets.keys()];
  }

  grant(ok: boolean): void {
    const link = this.wanted.shift();
    if (link === undefined) return;
    if (ok) this.do({ is: 'ticket', link, ticket: 't' });
    else this.do({ is: 'ticket_failed', link, reason: { code: 'unavailable', why: '', retry: true } });
  }

  open(link: number): void {
    const socket = this.sockets.get(link);
    if (!socket || socket.open) return;
    socket.open = true;
    this.do({ is: 'opened', link });
  }

  /** A good network for long enough. */
  settle(rounds: number): void {
    for (let i = 0; i < rounds; i += 1) {
      this.grant(true);
      for (const link of this.links()) {
        this.open(link);
        this.serve(link);
        this.hear(link);
      }
      const due = wakeMs(this.state);
      if (due !== undefined && i % 4 === 0) this.tick(Math.min(Math.max(0, due - this.nowMs), 500));
    }
  }
}

const ACTIONS = [
  'serve',
  'hear',
  'open',
  'cut',
  'going',
  'grant',
  'deny',
  'append',
  'tip',
  'chat',
  'trim',
] as const;
const action = fc.oneof(
  { weight: 40, arbitrary: fc.record({ is: fc.constantFrom(...ACTIONS), which: fc.nat(3) }) },
  {
    weight: 20,
    arbitrary: fc.record({ is: fc.constantFrom('serve', 'hear', 'open', 'grant'), which: fc.nat(3) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ is: fc.constant('tick'), which: fc.integer({ min: 1, max: 12_000 }) }),
  },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('calm'), which: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('epoch'), which: fc.constant(0) }) },
);

function act(world: World, is: string, which: number): void {
  const links = world.links();
  const link = links[which % Math.max(1, links.length)] ?? 0;
  const id = `${world.asked}`;
  const body = { scheme: 's', keyId: 'k', bytes: '' };
  if (is === 'serve') world.serve(link);
  else if (is === 'hear') world.hear(link);
  else if (is === 'open') world.open(link);
  else if (is === 'cut') world.cut(link);
  else if (is === 'going') world.sockets.get(link)?.down.push({ t: 'going', inMs: which * 100 });
  else if (is === 'grant') world.grant(true);
  else if (is === 'deny') world.grant(false);
  else if (is === 'calm') world.settle(which);
  else if (is === 'tick') world.tick(which);
  else if (is === 'epoch') world.newEpoch();
  else if (is === 'append')
    world.append({ kind: 'progress', tipId: id, state: 'queued', at: `${world.log.length}` });
  else if (is === 'trim' && world.log.length > 3) {
    world.log.splice(0, 2);
    world.trimmed += 2;
  } else if (is === 'tip' || is === 'chat') {
    if (world.state.asks.size > 50) return;
    world.asked += 1;
    if (is === 'tip') {
      const message = { t: 'tip', id: `tip_${id}`, amount: '1', order: body } as const;
      world.do({ is: 'ask', id: message.id, message });
    } else {
      const message = { t: 'chat', id: `msg_${id}`, body } as const;
      world.do({ is: 'ask', id: message.id, message });
    }
  }
}

test('whatever the network does: in order, each once, no silent gap, none told for nothing, every ask answered', () => {
  let reconnects = 0;
  let handovers = 0;
  fc.assert(
    fc.property(fc.array(action, { minLength: 20, maxLength: 250 }), (actions) => {
      const world = new World();
      world.do({ is: 'start' });
      for (const { is, which } of actions) {
        act(world, is, which);
        if (world.state.links.filter(({ stage }) => stage === 'ready').length > 1)
          throw new Error('two ready links');
        if (world.state.links.some(({ stage }) => stage === 'leaving')) handovers += 1;
      }
      world.settle(400);
      handovers += world.handovers;
      reconnects += world.state.lastLink - 1;
      expect(world.state.phase).toBe('live');
      expect(world.place).toEqual({ epoch: `${world.epoch}`, offset: world.trimmed + world.log.length });
      expect(world.state.asks.size).toBe(0);
      expect(world.answered.size).toBe(world.asked);
      for (const { epoch, offset, entry } of world.delivered) {
        if (epoch === `${world.epoch}` && offset > world.trimmed) {
          expect(entry).toEqual(world.log[offset - 1 - world.trimmed]);
        }
      }
    }),
    { seed: 20261122, numRuns: 500 },
  );
  // The property means nothing if the runs never came there.
  expect(reconnects).toBeGreaterThan(500);
  expect(handovers).toBeGreaterThan(100);
});
