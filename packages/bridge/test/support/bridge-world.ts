/** The whole bridge with a device that misbehaves, a server that comes and goes, and crashes. Judged at the device's end. */
import fc from 'fast-check';
import { type JournalRecord, memoryStore } from '../../src/journal.ts';
import type { OutcomeKey } from '../../src/outcome.ts';
import { type Bridge, startBridge } from '../../src/run.ts';
import { FakeDevice, type Heard } from './fake-device.ts';
import { aTip, FakeLink } from './fake-link.ts';
import { FakeTime, settle } from './fake-time.ts';

export type WorldCommand =
  | { readonly do: 'wait' | 'freeze' | 'sleep' | 'late'; readonly ms: number }
  | { readonly do: 'arm' | 'trial' | 'panic' | 'disarm' | 'up' | 'down' | 'cut' | 'crash' }
  | { readonly do: 'tip'; readonly id: number; readonly durationMs: number; readonly begun: boolean }
  | { readonly do: 'begun' | 'reject'; readonly id: number }
  | { readonly do: 'answers'; readonly how: FakeLink['answers']; readonly rttMs: number }
  | { readonly do: 'writes' | 'stops'; readonly how: FakeDevice['writes'] }
  | { readonly do: 'opens'; readonly how: FakeDevice['opens'] };

/** A time at which a person armed, and the one at which that ended. */
interface Armed {
  readonly fromMono: number;
  toMono: number;
}

export class BridgeWorld {
  // Real clocks have fractions of a millisecond, and sums of those do not come out even.
  readonly time = new FakeTime(1_000.1);
  readonly device = new FakeDevice(this.time);
  readonly records: JournalRecord[] = [];
  readonly #key: OutcomeKey;
  readonly #links: FakeLink[] = [];
  readonly #armed: Armed[] = [];
  /** When a person asked for a trial. */
  readonly #tried: { readonly askedMono: number; readonly heardBefore: number }[] = [];
  /** What another bridge had begun when this one heard of it. */
  readonly #elsewhere = new Set<string>();
  /** When time stood still for the bridge: it cannot be held to anything then. */
  readonly #gaps: { readonly atMono: number; readonly ms: number }[] = [];
  #bridge: Bridge;
  #link: FakeLink;

  constructor(key: OutcomeKey) {
    this.#key = key;
    this.#link = new FakeLink(this.time);
    this.#bridge = this.#start();
  }

  async run(command: WorldCommand): Promise<void> {
    switch (command.do) {
      case 'wait':
        await this.time.run(command.ms * 1.000_7);
        break;
      case 'freeze':
        this.#gaps.push({ atMono: this.time.now().mono, ms: command.ms });
        this.time.freeze(command.ms);
        break;
      case 'sleep':
        this.time.sleep(command.ms);
        break;
      case 'late':
        this.time.latenessMs = command.ms;
        break;
      case 'arm':
        this.#armed.push({ fromMono: this.time.now().mono, toMono: Infinity });
        this.#bridge.arm();
        break;
      case 'trial':
        this.#tried.push({ askedMono: this.time.now().mono, heardBefore: this.device.heard.length });
        this.#bridge.trial(0.2);
        break;
      case 'panic':
      case 'disarm':
        this.#bridge[command.do]();
        this.#disarmed();
        break;
      case 'up':
      case 'down':
        this.#link[command.do]();
        break;
      case 'cut':
        this.device.cut();
        break;
      case 'crash':
        this.time.forget();
        this.device.die();
        this.#disarmed();
        this.#bridge = this.#start();
        break;
      case 'tip':
        this.#tip(command);
        break;
      case 'begun':
        this.#link.begun(`tip_${command.id}`);
        break;
      case 'reject':
        this.#link.rejected(`tip_${command.id}`, 'outcome_invalid');
        break;
      case 'answers':
        this.#link.answers = command.how;
        this.#link.rttMs = command.rttMs * 1.000_7;
        break;
      case 'writes':
      case 'stops':
      case 'opens':
        this.device[command.do] = command.how as 'well';
        break;
    }
    await settle();
  }

  #tip({ id, durationMs, begun }: Extract<WorldCommand, { do: 'tip' }>): void {
    const tipId = `tip_${id}`;
    if (begun && !this.records.some((record) => record.k === 'begun' && record.tipId === tipId))
      this.#elsewhere.add(tipId);
    this.#link.tip({ ...aTip(this.#link, { tipId, durationMs, startInMs: 20_000 }), begun });
  }

  /** Throws on the first broken rule. @returns how many drives were judged */
  judge(): number {
    const { heard, outstandingMax } = this.device;
    need(outstandingMax <= 1, 'one write outstanding at a time');
    heard.forEach((at, i) => {
      const next = heard[i + 1];
      if (at.is === 'open')
        need(next === undefined || next.is === 'stop' || next.is === 'drop', 'the first write is stop');
      if (at.is !== 'drive' && at.is !== 'keep_alive') return;
      need(at.untilMono > at.atMono && at.untilMono <= at.atMono + 300, 'a live lease of at most 300 ms', at);
      const permitted = this.#links.some(({ asks }) =>
        asks.some(
          ({ granted, sentMono }) => granted && sentMono <= at.atMono && at.untilMono <= sentMono + 600,
        ),
      );
      const armed = this.#armed.some(({ fromMono, toMono }) => fromMono <= at.atMono && at.atMono <= toMono);
      if (!this.#isTrial(at)) {
        need(permitted, 'a permit, counted from the ask', at);
        need(armed, 'armed by a person', at);
      }
      if (at.is === 'keep_alive') return;
      if (at.level > 0) this.#needRest(at.atMono, next?.atMono ?? Infinity);
    });
    const begun = this.records.flatMap((record) => (record.k === 'begun' ? [record.tipId] : []));
    need(new Set(begun).size === begun.length, 'no effect begins twice', begun);
    need(!begun.some((tipId) => this.#elsewhere.has(tipId)), 'no effect runs on a second bridge', begun);
    const ended = this.records.flatMap((record) => (record.k === 'outcome' ? [record.body.tipId] : []));
    need(new Set(ended).size === ended.length, 'one outcome for a tip', ended);
    need(
      begun.every((tipId) => ended.includes(tipId)),
      'what began has an outcome',
      begun,
    );
    const told = this.records.flatMap((record) => (record.k === 'outcome' ? [record.body.ranMs] : []));
    const driven = heard.map(({ is, atMono }, i) =>
      is === 'drive' ? (heard[i + 1]?.atMono ?? atMono) - atMono : 0,
    );
    need(sum(told) <= sum(driven) + 1, 'no more is told than the device was driven', { told, driven });
    return heard.filter(({ is }) => is === 'drive').length;
  }

  /** Gentle, and no longer than a second from its first movement on, of which there is one for each hand. */
  #isTrial({ is, atMono, untilMono, level }: Heard): boolean {
    if (is !== 'drive' || level > 0.2) return false;
    return this.#tried.some(({ askedMono, heardBefore }) => {
      const first = this.device.heard.slice(heardBefore).find((heard) => heard.is === 'drive');
      if (first === undefined || first.atMono > askedMono + 11_000) return false;
      return atMono >= first.atMono && untilMono <= first.atMono + 1_000 + 1e-6;
    });
  }

  /** A lease, one write that hangs, and timers as late as they come. */
  #needRest(atMono: number, nextMono: number): void {
    const stoodMs = this.#gaps.reduce(
      (sum, gap) => (gap.atMono >= atMono && gap.atMono <= nextMono ? sum + gap.ms : sum),
      0,
    );
    need(nextMono - atMono <= 300 + 200 + 2 * 100 + stoodMs, 'rest or a renewal follows', {
      atMono,
      nextMono,
    });
  }

  #disarmed(): void {
    for (const armed of this.#armed) armed.toMono = Math.min(armed.toMono, this.time.now().mono);
  }

  #start(): Bridge {
    this.#link = new FakeLink(this.time);
    this.#links.push(this.#link);
    const store = memoryStore(this.records);
    const bridge = startBridge({
      roomId: 'room_1',
      driver: this.device,
      link: this.#link,
      journal: { records: store.records, append: (record) => void this.records.push(record) },
      key: this.#key,
      clock: this.time,
      timers: this.time,
    });
    this.#link.up();
    return bridge;
  }
}

function sum(all: readonly number[]): number {
  return all.reduce((total, each) => total + each, 0);
}

function need(holds: boolean, rule: string, at?: unknown): void {
  if (!holds) throw new Error(`broken: ${rule}; ${JSON.stringify(at)}`);
}

const is = <T extends string>(...all: T[]) => fc.constantFrom(...all);
const ms = (min: number, max: number) => fc.integer({ min, max });

const command: fc.Arbitrary<WorldCommand> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: is('wait'), ms: ms(1, 3_000) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: is('tip'),
      id: ms(1, 20),
      durationMs: ms(1, 4_000),
      begun: is('', '', '', 'begun').map(Boolean),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: is('begun', 'reject'), id: ms(1, 20) }) },
  { weight: 5, arbitrary: fc.record({ do: is('arm') }) },
  { weight: 3, arbitrary: fc.record({ do: is('trial') }) },
  { weight: 3, arbitrary: fc.record({ do: is('panic', 'disarm', 'cut', 'down') }) },
  { weight: 3, arbitrary: fc.record({ do: is('up') }) },
  { weight: 1, arbitrary: fc.record({ do: is('crash') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: is('answers'), how: is('yes', 'yes', 'no', 'silence'), rttMs: ms(1, 500) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: is('writes', 'stops'),
      how: is('well', 'well', 'well', 'hang', 'reject', 'throw'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: is('opens'), how: is('well', 'well', 'fail') }) },
  { weight: 1, arbitrary: fc.record({ do: is('freeze'), ms: ms(1, 5_000) }) },
  { weight: 1, arbitrary: fc.record({ do: is('sleep'), ms: ms(-500, 5_000) }) },
  { weight: 1, arbitrary: fc.record({ do: is('late'), ms: ms(0, 100) }) },
);

export const worldHistory: fc.Arbitrary<WorldCommand[]> = fc
  .array(command, { minLength: 1, maxLength: 40 })
  .map((commands): WorldCommand[] => [
    { do: 'arm' },
    { do: 'wait', ms: 50 },
    ...commands,
    { do: 'panic' },
    { do: 'wait', ms: 30_000 },
  ]);
