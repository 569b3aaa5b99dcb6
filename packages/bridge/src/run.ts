/**
 * The impure half: binds machine, device and server. It adds no rule of its own but the last one: whatever throws
 * or is rejected, the device is stopped without asking the machine (rule 7).
 */

import { DeviceSide } from './device-side.ts';
import type { DeviceDriver } from './driver.ts';
import { Journal, type JournalStore } from './journal.ts';
import type { BridgeLink } from './link.ts';
import type { Write } from './link-writer.ts';
import type { Envelope } from './machine/envelope.ts';
import { TRIAL_LEVEL_MAX } from './machine/limits.ts';
import { initialState, stateAfterFault, step } from './machine/step.ts';
import type { Input, MachineState, Output, ProgressState } from './machine/types.ts';
import { Outbox } from './outbox.ts';
import type { OutcomeKey } from './outcome.ts';
import { type Clock, systemClock, systemTimers, type Timers } from './timers.ts';
import { type BridgeView, viewOf } from './view.ts';

export interface BridgeParts {
  readonly roomId: string;
  readonly driver: DeviceDriver;
  readonly link: BridgeLink;
  readonly journal: JournalStore;
  readonly key: OutcomeKey;
  readonly envelope?: Envelope;
  readonly clock?: Clock;
  readonly timers?: Timers;
  /** After every step that changed something that can be seen. */
  readonly onView?: (view: BridgeView) => void;
  /** Just before each write to the device, for gauges and measurements. `tipId` where it drives an effect. */
  readonly onWrite?: (write: Write, tipId?: string) => void;
}

export interface Bridge {
  /** A person's wish. Never to be bound to a message. */
  arm(): void;
  disarm(): void;
  /**
   * A person's wish, never to be bound to a message: while latched, look at the device or move it gently for a moment.
   * Throws RangeError on a level that is not 0 to TRIAL_LEVEL_MAX.
   */
  trial(level: number): void;
  /** Stops at once, without the machine or any network, and latches. */
  panic(): void;
  /** Throws RangeError on one that is not an envelope. */
  setEnvelope(envelope: Envelope): void;
  view(): BridgeView;
  /** Stops are written first, then all is closed. */
  close(): Promise<void>;
}

/** Starts a bridge. It is latched, and what a crash cut off is told as partly. */
export function startBridge(parts: BridgeParts): Bridge {
  return new RunningBridge(parts);
}

class RunningBridge implements Bridge {
  readonly #parts: BridgeParts;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #journal: Journal;
  readonly #outbox: Outbox;
  readonly #device: DeviceSide;
  #state: MachineState;
  #inputs: Input[] = [];
  #stepping = false;
  #closed = false;
  #cancelWake: (() => void) | undefined;
  #driving: string | undefined;
  #told = new Map<string, ProgressState>();
  #rejected: BridgeView['rejected'];
  #shown = '';
  #viewBroken = false;

  constructor(parts: BridgeParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
    this.#timers = parts.timers ?? systemTimers;
    this.#journal = new Journal(parts.journal);
    const fault = (detail: string) => this.#fault(detail);
    this.#outbox = new Outbox(this.#journal, parts.key, parts.link, this.#timers, fault);
    this.#device = new DeviceSide(parts.driver, this.#clock, this.#timers, {
      input: (input) => this.#feed(input),
      fault,
      writing: (write) => parts.onWrite?.(write, write.is === 'drive' ? this.#driving : undefined),
    });
    this.#state = initialState(parts.roomId, this.#journal.known, parts.envelope);
    this.#tellCutOff('crash');
    parts.link.start({
      up: () => {
        // What was told may be in a log that is gone.
        this.#told.clear();
        this.#outbox.linkUp();
        this.#feed({ is: 'server_up' });
      },
      down: () => {
        this.#outbox.linkDown();
        this.#feed({ is: 'server_down' });
      },
      effect: (tip) => this.#feed({ is: 'effect', tip }),
      begun: (tipId) => this.#feed({ is: 'begun', tipId }),
      permit: (answer) => this.#feed({ is: 'permit', answer }),
      settled: (tipId) => this.#guard(() => this.#outbox.settled(tipId)),
      rejected: (tipId, code) => {
        this.#guard(() => {
          if (this.#outbox.rejected(tipId, code)) this.#rejected = { tipId, code };
        });
        this.#show();
      },
    });
  }

  arm(): void {
    this.#feed({ is: 'arm' });
  }

  trial(level: number): void {
    if (!(level >= 0 && level <= TRIAL_LEVEL_MAX)) throw new RangeError('not a level of a trial');
    this.#feed({ is: 'trial', level });
  }

  disarm(): void {
    this.#device.stop();
    this.#feed({ is: 'disarm' });
  }

  panic(): void {
    this.#device.stop();
    this.#feed({ is: 'panic' });
  }

  setEnvelope(envelope: Envelope): void {
    this.#feed({ is: 'envelope', envelope });
  }

  view(): BridgeView {
    const { name, problem, lastStop } = this.#device;
    return {
      ...viewOf(this.#state, this.#clock.now().mono),
      ...(name === undefined ? {} : { deviceName: name }),
      ...(problem === undefined ? {} : { deviceProblem: problem }),
      ...(lastStop === undefined ? {} : { stop: lastStop }),
      ...(this.#rejected === undefined ? {} : { rejected: this.#rejected }),
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    const dropped = this.#device.stopAndDrop();
    this.#feed({ is: 'disarm' });
    this.#closed = true;
    this.#cancelWake?.();
    await dropped;
    await this.#outbox.flush();
    this.#outbox.linkDown();
    this.#parts.link.close();
  }

  /** One input after the other, each with its outputs done before the next is taken. */
  #feed(input: Input): void {
    if (this.#closed) return;
    // Before whatever else comes, which would count what was not written as run, and may end what is meant.
    if (input.is === 'written' || input.is === 'unwritten') this.#inputs.unshift(input);
    else this.#inputs.push(input);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift())
        this.#stepOnce(next);
    } finally {
      this.#stepping = false;
    }
    this.#show();
  }

  #stepOnce(input: Input): void {
    this.#guard(() => {
      const { state, outputs } = step(this.#state, input, this.#clock.now());
      this.#state = state;
      for (const output of outputs) this.#perform(output);
    });
    this.#wakeLater();
  }

  #perform(output: Output): void {
    switch (output.is) {
      case 'stop':
        this.#device.stop();
        break;
      case 'drive':
        this.#driving = output.tipId;
        this.#device.drive(output.drive);
        break;
      case 'trial':
        this.#driving = undefined;
        this.#device.drive(output.drive);
        break;
      case 'keep_alive':
        this.#device.keepAlive(output.lease);
        break;
      case 'open_device':
        this.#device.open();
        break;
      case 'ask_permit':
        this.#parts.link.askPermit(output.n);
        break;
      case 'begun': {
        const { tipId, effect } = output.tip;
        this.#journal.append({ k: 'begun', tipId, durationMs: effect.durationMs });
        break;
      }
      case 'progress':
        this.#progress(output.tip.tipId, output.state, output.ranMs, output.tip.trace);
        break;
      case 'outcome':
        this.#told.delete(output.body.tipId);
        this.#outbox.put(output.body, output.trace);
        break;
    }
  }

  #progress(tipId: string, state: ProgressState, ranMs: number, trace?: string): void {
    if (ranMs > 0) this.#journal.append({ k: 'ran', tipId, ms: Math.floor(ranMs) });
    if (this.#told.get(tipId) === state || !this.#state.serverUp) return;
    this.#told.set(tipId, state);
    this.#parts.link.sendProgress(tipId, state, trace);
  }

  #wakeLater(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    const { wakeMono } = this.#state;
    if (wakeMono === undefined || this.#closed) return;
    const inMs = Math.max(0, wakeMono - this.#clock.now().mono);
    this.#cancelWake = this.#timers.after(inMs, () => this.#feed({ is: 'tick' }));
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fault(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
  }

  /** Rule 7. Stops and drops first; then the books, as well as they still can be kept. */
  #fault(detail: string): void {
    void this.#device.stopAndDrop();
    const { running, queue } = this.#state;
    this.#state = stateAfterFault(this.#state, detail);
    // What the device's side or a person's hand said was said to the old machine.
    this.#inputs = this.#inputs.filter(
      ({ is }) => is === 'effect' || is === 'begun' || is === 'server_up' || is === 'server_down',
    );
    this.#tellCutOff('fault', running?.ranMs);
    for (const { tipId, effect } of queue) this.#tell('refused', tipId, 0, effect.durationMs, 'fault');
    this.#wakeLater();
    this.#show();
  }

  /** What had begun and has no outcome ends as partly. */
  #tellCutOff(reason: string, ranMs?: number): void {
    for (const open of this.#journal.open) {
      const ms = Math.min(open.durationMs, Math.floor(ranMs ?? open.ranMs));
      this.#tell('partly', open.tipId, ms, open.durationMs, reason);
    }
  }

  #tell(
    result: 'partly' | 'refused',
    tipId: string,
    ranMs: number,
    durationMs: number,
    reason: string,
  ): void {
    const { roomId } = this.#parts;
    const atServerMs = Math.max(0, Math.round(this.#clock.now().wall));
    try {
      this.#outbox.put({ roomId, tipId, result, ranMs, durationMs, reason, atServerMs });
    } catch {
      // The journal itself is broken. The device is stopped; the hold goes back by its own time-out.
    }
  }

  #show(): void {
    const { onView } = this.#parts;
    if (onView === undefined || this.#viewBroken) return;
    const view = this.view();
    const text = JSON.stringify(view);
    if (text === this.#shown) return;
    this.#shown = text;
    try {
      onView(view);
    } catch (error) {
      // Nobody sees what the bridge does any more: a reason to stop.
      this.#viewBroken = true;
      this.#fault(`the view threw: ${String(error)}`);
    }
  }
}
