/** A world for the pure machine: a server, a device and clocks, moved by random commands; an oracle sees every step. */
import fc from 'fast-check';
import { DEFAULT_ENVELOPE, type Envelope } from '../../src/machine/envelope.ts';
import type { DeviceOutput } from '../../src/machine/kinds.ts';
import { initialState, step } from '../../src/machine/step.ts';
import type { Drive, Input, MachineState, Output } from '../../src/machine/types.ts';
import { Oracle } from './oracle.ts';

/** More steps than this in one moment are a loop. */
const STUCK_STEPS = 500;
/** Makes fractions of whole numbers. */
const UNEVEN = 1.000_7;
const SERVER_OFFSET_MS = 1_700_000_000_123;
const WALL_OFFSET_MS = 1_700_000_000_000;
const OUTPUTS: readonly DeviceOutput[] = [
  { id: 'a', kind: 'vibrate', steps: 20 },
  { id: 'b', kind: 'rotate', steps: 10 },
  { id: 'c', kind: 'position', steps: 100 },
];

export type Command =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'trial'; readonly level: number }
  | { readonly do: 'hand'; readonly input: 'arm' | 'disarm' | 'panic' }
  | {
      readonly do: 'tip';
      readonly id: number;
      readonly output: 'vibrate' | 'rotate' | 'oscillate' | 'position';
      readonly durationMs: number;
      readonly points: readonly { readonly atMs: number; readonly level: number }[];
      readonly repeatMs: number | undefined;
      readonly startInMs: number;
      readonly begun?: boolean;
    }
  | { readonly do: 'begun'; readonly id: number }
  | { readonly do: 'server'; readonly up: boolean }
  | { readonly do: 'answers'; readonly rttMs: number; readonly forMs: number; readonly share: number }
  | {
      readonly do: 'device';
      readonly is: 'good' | 'bad' | 'refused' | 'lost' | 'stuck';
      readonly keepAliveMs: number | undefined;
    }
  | { readonly do: 'unwritten' }
  /** How long the first write after a stop waits for what is being written before it. */
  | { readonly do: 'slow'; readonly ms: number }
  | { readonly do: 'lateness'; readonly ms: number }
  | { readonly do: 'freeze'; readonly ms: number }
  | { readonly do: 'sleep'; readonly ms: number }
  | { readonly do: 'stale_answer'; readonly n: number; readonly forMs: number }
  | { readonly do: 'envelope'; readonly envelope: Envelope };

interface Planned {
  readonly atMono: number;
  readonly input: () => Input | undefined;
}

export class MachineWorld {
  readonly oracle = new Oracle(DEFAULT_ENVELOPE, (mono) => mono + SERVER_OFFSET_MS);
  #state: MachineState = initialState('room_1');
  // Real clocks have fractions of a millisecond, and sums of those do not come out even.
  #mono = 1_000.1;
  #wallOffset = WALL_OFFSET_MS;
  #planned: Planned[] = [];
  #answers = { rttMs: 10, forMs: 600, share: 0.5 };
  #device: Extract<Command, { do: 'device' }>['is'] = 'good';
  #keepAliveMs: number | undefined;
  #linkLife = 0;
  #latenessMs = 0;
  #slowMs = 0;
  /** The drive that waits to be the first after a stop. */
  #waiting: Drive | undefined;
  #rests = true;
  #stuck = 0;

  run(command: Command): void {
    switch (command.do) {
      case 'wait':
        this.#waitUntil(this.#mono + command.ms * UNEVEN);
        break;
      case 'hand':
        this.#step({ is: command.input });
        break;
      case 'trial':
        this.#step({ is: 'trial', level: command.level });
        break;
      case 'tip':
        this.#step(this.#tip(command));
        break;
      case 'begun':
        this.#step({ is: 'begun', tipId: `tip_${command.id}` });
        break;
      case 'server':
        this.#step({ is: command.up ? 'server_up' : 'server_down' });
        break;
      case 'answers':
        this.#answers = command;
        break;
      case 'device':
        this.#device = command.is;
        this.#keepAliveMs = command.keepAliveMs;
        if (command.is === 'lost') this.#loseDevice();
        break;
      case 'unwritten':
        this.#step({ is: 'unwritten' });
        break;
      case 'slow':
        this.#slowMs = command.ms;
        break;
      case 'lateness':
        this.#latenessMs = command.ms;
        break;
      case 'freeze':
        // Like SIGSTOP: time goes on, nothing is delivered; afterwards everything comes at once.
        this.#mono += command.ms;
        break;
      case 'sleep':
        // Like a lid that is closed where the monotonic clock stops.
        this.#wallOffset += command.ms;
        break;
      case 'stale_answer':
        this.#step({
          is: 'permit',
          answer: { n: command.n, forMs: command.forMs, serverMs: this.#mono + SERVER_OFFSET_MS },
        });
        break;
      case 'envelope':
        try {
          this.#step({ is: 'envelope', envelope: command.envelope });
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
        break;
    }
  }

  #waitUntil(endMono: number): void {
    for (;;) {
      const wake = this.#state.wakeMono === undefined ? Infinity : this.#state.wakeMono + this.#latenessMs;
      const next = this.#planned.reduce((min, { atMono }) => Math.min(min, atMono), Infinity);
      const at = Math.min(wake, next);
      if (at > endMono) break;
      this.#stuck = at <= this.#mono ? this.#stuck + 1 : 0;
      if (this.#stuck > STUCK_STEPS) throw new Error('broken: the machine wants to be stepped for ever;');
      this.#mono = Math.max(this.#mono, at);
      const index = this.#planned.findIndex(({ atMono }) => atMono <= this.#mono);
      if (next <= wake && index >= 0) {
        const [planned] = this.#planned.splice(index, 1);
        const input = planned?.input();
        if (input !== undefined) this.#step(input);
      } else {
        this.#step({ is: 'tick' });
      }
    }
    this.#mono = Math.max(this.#mono, endMono);
  }

  #step(input: Input): void {
    const now = { mono: this.#mono, wall: this.#mono + this.#wallOffset };
    const { state, outputs } = step(Object.freeze(this.#state), input, now);
    this.oracle.observe({ now, input, outputs, wakeMono: state.wakeMono });
    this.#state = state;
    for (const output of outputs) this.#perform(output);
  }

  #perform(output: Output): void {
    const { rttMs, forMs, share } = this.#answers;
    const sentMono = this.#mono;
    const life = this.#linkLife;
    if (output.is === 'ask_permit') {
      const serverMs = sentMono + rttMs * share + SERVER_OFFSET_MS;
      this.#plan(rttMs, () => ({ is: 'permit', answer: { n: output.n, forMs, serverMs } }));
    } else if (output.is === 'open_device') {
      this.#plan(5, () => this.#opened());
    } else if (output.is === 'drive') {
      this.#drive(output.drive);
    } else if (output.is === 'stop') {
      this.#waiting = undefined;
      this.#rests = true;
      if (this.#device === 'stuck') return;
      this.#plan(3, () => (life === this.#linkLife ? { is: 'stopped' } : undefined));
    }
  }

  /** Like the writer: what waits is replaced by what is newer, and a stop takes it away. */
  #drive(drive: Drive): void {
    if (!this.#rests) return;
    const waits = this.#waiting !== undefined;
    this.#waiting = drive;
    if (waits) return;
    if (this.#slowMs > 0) {
      this.#plan(this.#slowMs, () => this.#write());
    } else {
      const written = this.#write();
      if (written !== undefined) this.#step(written);
    }
  }

  #write(): Input | undefined {
    const drive = this.#waiting;
    this.#waiting = undefined;
    if (drive === undefined) return undefined;
    if (!drive.lease.isLive(this.#mono)) return { is: 'unwritten' };
    this.#rests = false;
    return { is: 'written' };
  }

  #opened(): Input {
    if (this.#device === 'bad' || this.#device === 'refused') {
      return { is: 'device_down', refused: this.#device === 'refused', detail: 'no' };
    }
    this.#linkLife += 1;
    const keepAliveMs = this.#keepAliveMs;
    return { is: 'device_open', outputs: OUTPUTS, ...(keepAliveMs === undefined ? {} : { keepAliveMs }) };
  }

  #loseDevice(): void {
    this.#device = 'good';
    if (this.#state.device.phase === 'down' || this.#state.device.phase === 'opening') return;
    this.#linkLife += 1;
    this.#step({ is: 'device_down', refused: false, detail: 'lost' });
  }

  #plan(inMs: number, input: () => Input | undefined): void {
    this.#planned.push({ atMono: this.#mono + inMs * UNEVEN, input });
  }

  #tip(command: Extract<Command, { do: 'tip' }>): Input {
    const { id, output, durationMs, points, repeatMs, startInMs, begun = false } = command;
    const effect = { output, durationMs, points, ...(repeatMs === undefined ? {} : { repeatMs }) };
    const startByMs = Math.round(this.#mono + SERVER_OFFSET_MS + startInMs);
    return { is: 'effect', tip: { tipId: `tip_${id}`, effect, startByMs, begun } };
  }
}

const points = fc
  .array(fc.record({ atMs: fc.integer({ min: 0, max: 3_000 }), level: fc.integer({ min: 0, max: 1_000 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((all) => all.toSorted((a, b) => a.atMs - b.atMs));

const envelope = fc.record({
  levelMax: fc.double({ min: 0, max: 1, noNaN: true }),
  jumpLevelMax: fc.double({ min: 0, max: 1, noNaN: true }),
  risePerSecondMax: fc.double({ min: 0, max: 5, noNaN: true }),
  continuousMsMax: fc.integer({ min: 300, max: 5_000 }),
  recoveryShare: fc.double({ min: 0, max: 2, noNaN: true }),
  cooldownMs: fc.integer({ min: 0, max: 2_000 }),
  kinds: fc.subarray(['vibrate', 'vibrate', 'rotate', 'oscillate', 'position'] as const),
});

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4_000 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('tip' as const),
      id: fc.integer({ min: 1, max: 12 }),
      output: fc.constantFrom(
        'vibrate' as const,
        'vibrate' as const,
        'rotate' as const,
        'oscillate' as const,
        'position' as const,
      ),
      durationMs: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 6_000 })),
      points,
      repeatMs: fc.option(fc.integer({ min: 100, max: 2_000 }), { nil: undefined }),
      startInMs: fc.integer({ min: -500, max: 8_000 }),
      begun: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('trial' as const),
      level: fc.constantFrom(0, 0.05, 0.2, 0.2),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('begun' as const), id: fc.integer({ min: 1, max: 12 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hand' as const),
      input: fc.constantFrom('arm' as const, 'arm' as const, 'panic' as const, 'disarm' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('server' as const), up: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('answers' as const),
      rttMs: fc.constantFrom(1, 10, 10, 80, 250, 450, 520, 560, 590, 700),
      forMs: fc.constantFrom(600, 600, 600, 200, 0, 5_000, Number.NaN),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('device' as const),
      is: fc.constantFrom(
        'good' as const,
        'bad' as const,
        'refused' as const,
        'lost' as const,
        'lost' as const,
        'stuck' as const,
      ),
      keepAliveMs: fc.constantFrom(undefined, 20, 200),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unwritten' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('slow' as const), ms: fc.constantFrom(0, 5, 60, 150, 190, 400) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('lateness' as const), ms: fc.constantFrom(0, 1, 20, 120, 400) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('freeze' as const), ms: fc.integer({ min: 50, max: 5_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('sleep' as const),
      ms: fc.constantFrom(-60_000, -300, 100, 300, 5_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('stale_answer' as const),
      n: fc.integer({ min: 0, max: 60 }),
      forMs: fc.constantFrom(600, 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('envelope' as const), envelope }) },
);

/** Histories that begin in working order, else hardly anything would ever move. */
export const history: fc.Arbitrary<Command[]> = fc
  .array(command, { minLength: 1, maxLength: 60 })
  .map((commands): Command[] => [
    { do: 'server', up: true },
    { do: 'hand', input: 'arm' },
    { do: 'wait', ms: 50 },
    ...commands,
    { do: 'wait', ms: 10_000 },
  ]);

/** Histories that press on the envelope's duty: short allowances, and one tip after the other. */
export const busyHistory: fc.Arbitrary<Command[]> = fc
  .record({
    envelope: fc.record({
      ...{ levelMax: fc.constant(1), jumpLevelMax: fc.constant(1), risePerSecondMax: fc.constant(0) },
      continuousMsMax: fc.integer({ min: 300, max: 2_000 }),
      recoveryShare: fc.double({ min: 0, max: 1, noNaN: true }),
      cooldownMs: fc.constantFrom(0, 0, 500),
      kinds: fc.constant(['vibrate'] as const),
    }),
    tips: fc.array(
      fc.record({
        share: fc.double({ min: 0.1, max: 1, noNaN: true }),
        waitMs: fc.integer({ min: 1, max: 2_000 }),
      }),
      { minLength: 5, maxLength: 20 },
    ),
  })
  .map(({ envelope: limits, tips }): Command[] => [
    { do: 'server', up: true },
    { do: 'envelope', envelope: limits },
    { do: 'hand', input: 'arm' },
    { do: 'wait', ms: 50 },
    ...tips.flatMap(({ share, waitMs }, id): Command[] => [
      {
        ...{ do: 'tip', id, output: 'vibrate', repeatMs: undefined, startInMs: 60_000 },
        durationMs: Math.ceil(share * limits.continuousMsMax),
        points: [{ atMs: 0, level: 1_000 }],
      },
      { do: 'wait', ms: waitMs },
    ]),
  ]);
