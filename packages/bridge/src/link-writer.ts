import type { DeviceLink } from './driver.ts';
import { Lease } from './machine/lease.ts';
import { STOP_ATTEMPTS_MAX, WRITE_TIMEOUT_MS } from './machine/limits.ts';
import type { Drive } from './machine/types.ts';
import type { Clock, Timers } from './timers.ts';

/** How much later than a lease's end the watchdog acts: whoever is in order has rested or renewed by then. */
export const WATCHDOG_SLACK_MS = 100;

export interface WriterEvents {
  /** A stop was answered. */
  stopped(): void;
  /** The link does not answer in time. Only stops are written to it any more, and then it is dropped. */
  lost(detail: string): void;
  /** A write was rejected, or a lease ran out and nobody rested. */
  fault(detail: string): void;
  /** The first drive after a stop is being written: from here on the outputs are away from rest. */
  written(): void;
  /** The drive that waited is not written any more: its lease ran out, and a stop is being written in its place. */
  unwritten(): void;
  /** A write is about to be made. */
  writing(write: Write): void;
}

export type Write =
  | { readonly is: 'stop' }
  | { readonly is: 'drive'; readonly drive: Drive }
  | { readonly is: 'keep_alive'; readonly lease: Lease };

type Ending = 'answered' | 'timed_out' | { readonly rejected: string };

/**
 * Rule 3 around one open link: one write outstanding at a time, bounded in time; a stop goes before whatever waits,
 * is repeated when it is not confirmed, and then the link is dropped. Rule 1 at the last moment: a drive whose
 * lease has run out while it waited becomes a stop.
 */
export class LinkWriter {
  readonly #link: DeviceLink;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #events: WriterEvents;
  /** Set while a write is outstanding, and between the attempts of one stop. */
  #busy = false;
  #stopWaits = false;
  #next: Exclude<Write, { is: 'stop' }> | undefined;
  /** No drive was written since the last stop. */
  #rests = true;
  /** Nothing but stops is written any more. */
  #closing = false;
  #dropped = false;
  #cancelWatchdog: (() => void) | undefined;
  readonly #whenDropped: (() => void)[] = [];

  constructor(link: DeviceLink, clock: Clock, timers: Timers, events: WriterEvents) {
    this.#link = link;
    this.#clock = clock;
    this.#timers = timers;
    this.#events = events;
  }

  /** Rests everything, before anything that waits. Works whatever else is wrong. */
  stop(): void {
    this.#next = undefined;
    this.#stopWaits = true;
    this.#pump();
  }

  /** Writes a level; replaces a drive that still waits, and comes after a stop that does. */
  drive(drive: Drive): void {
    this.#offer({ is: 'drive', drive });
  }

  keepAlive(lease: Lease): void {
    this.#offer({ is: 'keep_alive', lease });
  }

  /** Rule 7: stops, then drops the link, confirmed or not. Takes STOP_ATTEMPTS_MAX + 1 time-outs at most. */
  stopAndDrop(): Promise<void> {
    const dropped = new Promise<void>((resolve) => {
      if (this.#dropped) resolve();
      else this.#whenDropped.push(resolve);
    });
    this.#closing = true;
    this.stop();
    return dropped;
  }

  /** The link is gone by itself: nothing can be written any more. */
  abandon(): void {
    this.#drop();
  }

  #offer(write: Exclude<Write, { is: 'stop' }>): void {
    if (this.#closing) return;
    this.#next = write;
    this.#pump();
  }

  /** The first write is started within this call: an effect does not wait for a turn of the event loop. */
  #pump(): void {
    if (this.#busy || this.#dropped) return;
    this.#busy = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    while (!this.#dropped) {
      const write = this.#next;
      if (this.#stopWaits || this.#closing) {
        await this.#rest();
      } else if (write !== undefined) {
        this.#next = undefined;
        await this.#writeUnderLease(write);
      } else {
        break;
      }
    }
    this.#busy = false;
  }

  async #writeUnderLease(write: Exclude<Write, { is: 'stop' }>): Promise<void> {
    const lease = write.is === 'drive' ? write.drive.lease : write.lease;
    if (!Lease.isLease(lease) || !lease.isLive(this.#clock.now().mono)) {
      if (write.is === 'drive') await this.#restInstead();
      return;
    }
    if (write.is === 'drive') this.#watch(write.drive);
    const link = this.#link;
    const attempt = this.#attempt(write, () =>
      write.is === 'drive' ? link.drive(write.drive) : link.keepAlive(write.lease),
    );
    if (write.is === 'drive' && this.#rests) {
      this.#rests = false;
      this.#tell(() => this.#events.written());
    }
    const ending = await attempt;
    // Otherwise it is not known whether the device moves: only stops are written from here on, then the link goes.
    if (ending !== 'answered') this.#fail(ending);
  }

  /** The stop is on its way before anybody is told, since whoever is told may take their time. */
  async #restInstead(): Promise<void> {
    const rested = this.#rest();
    this.#tell(() => this.#events.unwritten());
    await rested;
  }

  /** Whoever is told may be broken; that is a fault, but the writer goes on to write stops. */
  #tell(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#fail({ rejected: `whoever was told threw: ${String(error)}` });
    }
  }

  async #rest(): Promise<void> {
    this.#watchNothing();
    this.#stopWaits = false;
    this.#rests = true;
    let ending: Ending = 'timed_out';
    for (let attempt = 0; attempt < STOP_ATTEMPTS_MAX && ending !== 'answered'; attempt += 1) {
      ending = await this.#attempt({ is: 'stop' }, () => this.#link.stop());
      if (this.#dropped) return;
    }
    if (ending === 'answered') this.#events.stopped();
    else this.#fail(ending);
    if (this.#closing) this.#drop();
  }

  #fail(ending: Exclude<Ending, 'answered'>): void {
    const first = !this.#closing;
    this.#closing = true;
    this.#next = undefined;
    if (!first) return;
    if (ending === 'timed_out') this.#events.lost('a write was not answered in time');
    else this.#events.fault(ending.rejected);
  }

  /** One write, started within this call, and how it ended. Never throws. */
  #attempt(write: Write, send: () => Promise<void>): Promise<Ending> {
    return new Promise((resolve) => {
      const cancel = this.#timers.after(WRITE_TIMEOUT_MS, () => resolve('timed_out'));
      const end = (ending: Ending) => {
        cancel();
        resolve(ending);
      };
      try {
        const broken = this.#announce(write);
        send().then(
          () => end(broken ?? 'answered'),
          (error: unknown) => end({ rejected: `a write was rejected: ${String(error)}` }),
        );
      } catch (error) {
        end({ rejected: `a write threw: ${String(error)}` });
      }
    });
  }

  /** Whoever looks on may be broken; that is a fault, but keeps no stop from being sent. */
  #announce(write: Write): Ending | undefined {
    try {
      this.#events.writing(write);
      return undefined;
    } catch (error) {
      if (write.is !== 'stop') throw error;
      return { rejected: `a watcher threw: ${String(error)}` };
    }
  }

  /** Whoever drove must renew or rest within the lease; if nobody does, something is broken upstream. */
  #watch(drive: Drive): void {
    this.#watchNothing();
    if (drive.level <= 0) return;
    const inMs = drive.lease.untilMono - this.#clock.now().mono + WATCHDOG_SLACK_MS;
    this.#cancelWatchdog = this.#timers.after(inMs, () => {
      this.#fail({ rejected: 'a lease ran out without a rest' });
      this.stop();
    });
  }

  #watchNothing(): void {
    this.#cancelWatchdog?.();
    this.#cancelWatchdog = undefined;
  }

  #drop(): void {
    this.#watchNothing();
    this.#closing = true;
    this.#next = undefined;
    this.#stopWaits = false;
    if (!this.#dropped) {
      this.#dropped = true;
      this.#link.drop();
    }
    for (const resolve of this.#whenDropped.splice(0)) resolve();
  }
}
