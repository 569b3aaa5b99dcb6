import type { DeviceDriver, DeviceEvents, DeviceLink } from '../../src/driver.ts';
import type { FakeTime } from './fake-time.ts';

export interface Heard {
  readonly atMono: number;
  readonly is: 'open' | 'stop' | 'drive' | 'keep_alive' | 'drop';
  readonly level: number;
  /** Until when the lease of a drive or keep-alive holds. */
  readonly untilMono: number;
}

/** A device that writes down what it hears and can be made to misbehave. It does not rest by itself. */
export class FakeDevice implements DeviceDriver {
  readonly name = 'fake';
  readonly #time: FakeTime;
  #events: DeviceEvents | undefined;
  /** What it does with writes other than stops, and with stops. */
  writes: 'well' | 'hang' | 'reject' | 'throw' = 'well';
  stops: 'well' | 'hang' | 'reject' | 'throw' = 'well';
  opens: 'well' | 'fail' = 'well';
  answerMs = 2;
  keepAliveMs: number | undefined = 200;
  readonly heard: Heard[] = [];
  #outstanding = 0;
  outstandingMax = 0;

  constructor(time: FakeTime) {
    this.#time = time;
  }

  /** The level that the device was last told and did not refuse. */
  get level(): number {
    return this.heard.findLast(({ is }) => is === 'drive' || is === 'stop')?.level ?? 0;
  }

  of(is: Heard['is']): Heard[] {
    return this.heard.filter((heard) => heard.is === is);
  }

  open(events: DeviceEvents): Promise<DeviceLink> {
    if (this.opens === 'fail') return Promise.reject(new Error('not there'));
    this.#events = events;
    this.#outstanding = 0;
    this.#hear('open', 0);
    const link: DeviceLink = {
      name: 'fake device',
      outputs: [{ id: 'a', kind: 'vibrate', steps: 20 }],
      drive: ({ level, lease }) =>
        this.#answer(this.writes, () => this.#hear('drive', level, lease.untilMono)),
      keepAlive: (lease) => this.#answer(this.writes, () => this.#hear('keep_alive', 0, lease.untilMono)),
      stop: () => this.#answer(this.stops, () => this.#hear('stop', 0)),
      drop: () => {
        if (this.#events !== events) return;
        this.#events = undefined;
        this.#hear('drop', 0);
      },
      ...(this.keepAliveMs === undefined ? {} : { keepAliveMs: this.keepAliveMs }),
    };
    return Promise.resolve(link);
  }

  cut(): void {
    const events = this.#events;
    // No stop can be sent any more: what the device does now is its own.
    this.die();
    events?.down('cut');
  }

  /** The bridge's process or the link is gone. */
  die(): void {
    if (this.#events === undefined) return;
    this.#events = undefined;
    this.#hear('drop', 0);
  }

  #hear(is: Heard['is'], level: number, untilMono = Infinity): void {
    this.heard.push({ atMono: this.#time.now().mono, is, level, untilMono });
  }

  /** It hears every write, also one that it then does not answer well. */
  #answer(how: FakeDevice['writes'], hear: () => void): Promise<void> {
    hear();
    if (how === 'throw') throw new Error('thrown by the device');
    this.#outstanding += 1;
    this.outstandingMax = Math.max(this.outstandingMax, this.#outstanding);
    return new Promise((resolve, reject) => {
      const end = (act: () => void) => {
        this.#outstanding -= 1;
        act();
      };
      // One that hangs counts as outstanding for as long as it may.
      if (how === 'hang') this.#time.after(199, () => end(() => {}));
      else if (how === 'reject')
        this.#time.after(this.answerMs, () => end(() => reject(new Error('rejected by the device'))));
      else this.#time.after(this.answerMs, () => end(resolve));
    });
  }
}
