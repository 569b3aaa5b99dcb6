import { DeviceProblem, type DeviceProblemCode, DriverRefusal } from './device-problems.ts';
import type { DeviceDriver, DeviceLink } from './driver.ts';
import { LinkWriter, type Write } from './link-writer.ts';
import type { Lease } from './machine/lease.ts';
import { CONNECT_TIMEOUT_MS } from './machine/limits.ts';
import type { Drive, Input } from './machine/types.ts';
import type { Clock, Timers } from './timers.ts';

export interface DeviceSideEvents {
  input(input: Input): void;
  fault(detail: string): void;
  writing(write: Write): void;
}

/** The device's link over its lives: opens it, holds the one writer to it, and tells the machine what became of it. */
export class DeviceSide {
  readonly #driver: DeviceDriver;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #events: DeviceSideEvents;
  #writer: LinkWriter | undefined;
  /** Counts openings, so that what an earlier one still says is not heard. */
  #opening = 0;
  #abort: AbortController | undefined;
  #leaving: Promise<void> | undefined;
  name: string | undefined;
  /** Why the link did not open when it was last tried. */
  problem: DeviceProblemCode | undefined;
  lastStop: { sentWall: number; answered: boolean } | undefined;

  constructor(driver: DeviceDriver, clock: Clock, timers: Timers, events: DeviceSideEvents) {
    this.#driver = driver;
    this.#clock = clock;
    this.#timers = timers;
    this.#events = events;
  }

  /** Opens the link, later telling the machine `device_open` or `device_down`. */
  open(): void {
    this.#opening += 1;
    void this.#openOnce(this.#opening);
  }

  async #openOnce(opening: number): Promise<void> {
    const isCurrent = () => opening === this.#opening;
    // An engine that serves one client at a time must be rid of the former link first.
    if (this.#leaving !== undefined) await this.#leaving;
    if (!isCurrent()) return;
    const abort = new AbortController();
    this.#abort = abort;
    const cancel = this.#timers.after(this.#driver.openMsMax ?? CONNECT_TIMEOUT_MS, () => {
      if (!isCurrent()) return;
      this.problem = 'not_answering';
      this.#down('the device did not answer in time', false);
    });
    try {
      const down = (detail: string) => {
        if (isCurrent()) this.#down(detail, false);
      };
      const link = await this.#driver.open({ down }, abort.signal);
      cancel();
      // Nobody wants it any more, and it has written nothing.
      if (isCurrent()) this.#opened(link, opening);
      else link.drop();
    } catch (error) {
      cancel();
      if (!isCurrent()) return;
      this.problem = error instanceof DeviceProblem ? error.code : 'not_answering';
      this.#down(error instanceof Error ? error.message : String(error), error instanceof DriverRefusal);
    }
  }

  #opened(link: DeviceLink, opening: number): void {
    const isCurrent = () => opening === this.#opening;
    this.name = link.name;
    this.problem = undefined;
    this.#abort = undefined;
    this.#writer = new LinkWriter(link, this.#clock, this.#timers, {
      stopped: () => {
        if (this.lastStop !== undefined) this.lastStop = { ...this.lastStop, answered: true };
        if (isCurrent()) this.#events.input({ is: 'stopped' });
      },
      lost: (detail) => {
        if (isCurrent()) this.#lost(detail);
      },
      fault: (detail) => {
        if (isCurrent()) this.#events.fault(detail);
      },
      written: () => {
        if (isCurrent()) this.#events.input({ is: 'written' });
      },
      unwritten: () => {
        if (isCurrent()) this.#events.input({ is: 'unwritten' });
      },
      writing: (write) => {
        if (write.is === 'stop') this.lastStop = { sentWall: this.#clock.now().wall, answered: false };
        this.#events.writing(write);
      },
    });
    const { outputs, keepAliveMs } = link;
    this.#events.input({ is: 'device_open', outputs, ...(keepAliveMs === undefined ? {} : { keepAliveMs }) });
  }

  stop(): void {
    this.#writer?.stop();
  }

  drive(drive: Drive): void {
    this.#writer?.drive(drive);
  }

  keepAlive(lease: Lease): void {
    this.#writer?.keepAlive(lease);
  }

  /** Stops, and drops the link whatever came of it. An opening that is under way comes to nothing. */
  async stopAndDrop(): Promise<void> {
    this.#leave();
    await this.#leaving;
  }

  /** The link went by itself. */
  #down(detail: string, refused: boolean): void {
    this.#writer?.abandon();
    this.#leave();
    this.#events.input({ is: 'device_down', refused, detail });
  }

  /** The link does not answer: its last stops are still being written. */
  #lost(detail: string): void {
    this.#leave();
    this.#events.input({ is: 'device_down', refused: false, detail });
  }

  #leave(): void {
    this.#opening += 1;
    this.#abort?.abort();
    this.#abort = undefined;
    const writer = this.#writer;
    this.#writer = undefined;
    this.name = undefined;
    if (writer === undefined) return;
    const leaving = writer.stopAndDrop().then(() => {
      if (this.#leaving === leaving) this.#leaving = undefined;
    });
    this.#leaving = leaving;
  }
}
