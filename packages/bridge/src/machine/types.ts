import type { Effect } from '@nightjar/contracts/effect';
import type { OutcomeBody } from '../outcome.ts';
import type { ClockOffset } from './clock-offset.ts';
import type { Envelope, Exertion } from './envelope.ts';
import type { DeviceOutput } from './kinds.ts';
import type { Lease } from './lease.ts';
import type { Permit, PermitAnswer, PermitAsk } from './permit.ts';
import type { TrialRight } from './trial-right.ts';

/** Both clocks at one moment, in ms: `mono` never jumps but may stop in sleep, `wall` is the time of day. */
export interface Now {
  readonly mono: number;
  readonly wall: number;
}

/** A tip's effect as the room's log has it. */
export interface TippedEffect {
  readonly tipId: string;
  readonly effect: Effect;
  /** The start deadline: the server's time, in ms since 1970, after which it may no longer begin. */
  readonly startByMs: number;
  /** W3C traceparent, carried through. */
  readonly trace?: string;
  /** The room's log says that it has begun: here, which the journal would know, or on another bridge. */
  readonly begun?: boolean;
}

/** Why the bridge is latched, that is, why nothing moves until a person arms it. `start`: it was just started. */
export type LatchWhy = 'start' | 'disarmed' | 'panic' | 'fault' | 'clock' | 'stalled' | 'device_refused';

/** The only way to `armed` is through `arming`, and the only way to that is a person. There is no other field for it. */
export type Arm =
  | { readonly phase: 'latched'; readonly why: LatchWhy; readonly detail?: string }
  | { readonly phase: 'arming'; readonly sinceMono: number }
  | { readonly phase: 'armed' };

/** The device's link. `resting`: it is open and its first write, a stop, is not confirmed yet (rule 3). */
export type DeviceState =
  | { readonly phase: 'down'; readonly attempts: number; readonly retryMono: number }
  | { readonly phase: 'opening'; readonly attempts: number }
  | ({ readonly phase: 'resting' } & OpenDevice)
  | ({ readonly phase: 'ready' } & OpenDevice);

export interface OpenDevice {
  readonly outputs: readonly DeviceOutput[];
  /** The link dies without a renewal this often; undefined when it does not need any. */
  readonly keepAliveMs?: number;
}

export interface Queued extends TippedEffect {
  readonly sinceMono: number;
}

/** The one effect that has begun. */
export interface Running extends TippedEffect {
  readonly ranMs: number;
  readonly state: RunState;
  /** When progress was last told, or, if it was told before the first write, when that was made. */
  readonly toldMono: number;
}

export type RunState =
  | {
      readonly is: 'driving';
      /** From when on time is still to be counted; since when it waits for a write, as long as none was made. */
      readonly sinceMono: number;
      readonly leaseUntilMono: number;
      /** The device was told: until then nothing counts as run. */
      readonly written: boolean;
    }
  | { readonly is: 'paused'; readonly sinceMono: number; readonly why: string };

/** A person's trial of the device, from her hand to its end. */
export interface TrialState {
  /** 0 only looks whether the device is there. */
  readonly level: number;
  readonly sinceMono: number;
  /** Once it moves. */
  readonly right?: TrialRight;
  readonly leaseUntilMono?: number;
}

/** `envelope`: it leaves nothing to try now. `stopped`: by a hand, or because something was wrong. */
export type TrialEnd = 'done' | 'stopped' | 'no_device' | 'envelope';

export interface MachineState {
  readonly roomId: string;
  readonly arm: Arm;
  readonly device: DeviceState;
  readonly serverUp: boolean;
  readonly envelope: Envelope;
  readonly asks: readonly PermitAsk[];
  readonly askedN: number;
  readonly askedMono?: number;
  readonly answeredN: number;
  readonly permit?: Permit;
  /** Why the last ask got a no, for the screen. */
  readonly denied?: string;
  readonly offset?: ClockOffset;
  readonly queue: readonly Queued[];
  readonly running?: Running;
  readonly trial?: TrialState;
  /** How the last one ended. */
  readonly trialEnd?: TrialEnd;
  /** When the last effect ended, for the envelope's cooldown. */
  readonly endedMono?: number;
  /** Ids of effects that were ever taken, oldest first (rule 4). */
  readonly known: ReadonlySet<string>;
  readonly exertion: Exertion;
  /** The level written last, and when: 0 at rest. */
  readonly level: number;
  readonly levelMono: number;
  readonly keptAliveMono: number;
  readonly last?: Now;
  /** When the machine asked to be stepped next. */
  readonly wakeMono?: number;
}

export type Input =
  | { readonly is: 'tick' }
  /** A person's hand, never a message of the network. */
  | { readonly is: 'arm' }
  | { readonly is: 'disarm' }
  /** A person's hand: move gently for a moment, to see what it is. 0 to TRIAL_LEVEL_MAX. */
  | { readonly is: 'trial'; readonly level: number }
  | { readonly is: 'panic' }
  | { readonly is: 'effect'; readonly tip: TippedEffect }
  /** The room's log says that an effect has begun, here or on another bridge. */
  | { readonly is: 'begun'; readonly tipId: string }
  | { readonly is: 'server_up' }
  | { readonly is: 'server_down' }
  | { readonly is: 'permit'; readonly answer: PermitAnswer }
  | ({ readonly is: 'device_open' } & OpenDevice)
  /** `refused`: the driver will not drive it as it is, so trying again is for a person. */
  | { readonly is: 'device_down'; readonly refused: boolean; readonly detail: string }
  /** The first drive after a stop is being written. */
  | { readonly is: 'written' }
  /** The last drive was not written: its lease ran out while it waited, and a stop is written in its place. */
  | { readonly is: 'unwritten' }
  /** The stop that was written first on the device's link is confirmed. */
  | { readonly is: 'stopped' }
  | { readonly is: 'envelope'; readonly envelope: Envelope };

/** A level for outputs. Away from rest it needs a lease, and a lease needs a permit, or the right of a trial. */
export interface Drive {
  readonly lease: Lease;
  readonly outputs: readonly DeviceOutput[];
  /** 0 to 1. */
  readonly level: number;
}

export type Output =
  /** Everything to rest. It needs nothing and goes before all else that waits. */
  | { readonly is: 'stop'; readonly why: string }
  | { readonly is: 'drive'; readonly drive: Drive; readonly tipId: string }
  /** The one drive without a permit. */
  | { readonly is: 'trial'; readonly drive: Drive }
  /** Keeps a link alive whose outputs rest. */
  | { readonly is: 'keep_alive'; readonly lease: Lease }
  | { readonly is: 'open_device' }
  | { readonly is: 'ask_permit'; readonly n: number }
  /** Goes to the journal, before the first drive of the effect. */
  | { readonly is: 'begun'; readonly tip: TippedEffect }
  | {
      readonly is: 'progress';
      readonly tip: TippedEffect;
      readonly state: ProgressState;
      readonly ranMs: number;
    }
  | { readonly is: 'outcome'; readonly body: OutcomeBody; readonly trace?: string };

export type ProgressState = 'queued' | 'running' | 'paused';

export interface Step {
  readonly state: MachineState;
  /** In the order in which they are to be done. */
  readonly outputs: readonly Output[];
}
