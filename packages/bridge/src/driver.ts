import type { DeviceOutput } from './machine/kinds.ts';
import type { Lease } from './machine/lease.ts';
import type { Drive } from './machine/types.ts';

/** A way to reach devices. It decides nothing: what moves, and how long, is the machine's. */
export interface DeviceDriver {
  readonly name: string;
  /** The longest that `open` may take, in ms, where it is not CONNECT_TIMEOUT_MS. */
  readonly openMsMax?: number;
  /**
   * Opens a link. Nothing may be written to an output before the first `stop`.
   * @param signal aborts when nobody wants the link any more; what was opened so far is closed then
   * @throws DriverRefusal when the device or its engine cannot be driven safely, so that trying again is useless
   */
  open(events: DeviceEvents, signal: AbortSignal): Promise<DeviceLink>;
}

export interface DeviceEvents {
  /** The link is lost, or what is behind it changed. Told once; the link is dropped after it. */
  down(detail: string): void;
}

/**
 * An open link. Each write resolves when its receiver has answered, which is not a proof that the device did it.
 * A write that rejects is a fault (rule 7). There is never more than one outstanding (rule 3), and a driver starts
 * its write before it returns, so that nothing waits for another turn of the event loop.
 */
export interface DeviceLink {
  /** What the device is called, for the screen. */
  readonly name: string;
  readonly outputs: readonly DeviceOutput[];
  /** How often the link wants a renewal, in ms, when it dies without one. */
  readonly keepAliveMs?: number;
  /** Sets levels, and renews the link as part of it. */
  drive(drive: Drive): Promise<void>;
  /** Renews the link of a device at rest. Carries nothing but rest (rule 6). */
  keepAlive(lease: Lease): Promise<void>;
  /** Everything to rest. Must be sendable at any time. */
  stop(): Promise<void>;
  /** Closes the link at once. Never throws. */
  drop(): void;
}
