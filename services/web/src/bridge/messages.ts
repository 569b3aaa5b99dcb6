/** What page and Worker say to each other. Both come from one build; a tab that is older than its Worker is told so. */
import type { SignedEnvelope } from '@nightjar/bridge/envelope-signature';
import type { Envelope } from '@nightjar/bridge/machine/envelope';
import type { BridgeView } from '@nightjar/bridge/view';
import type { CloseReason } from '@nightjar/client/close-reason';
import type { Phase } from '@nightjar/client/session-types';
import type { BridgeProblem } from './problems.ts';

/** Changes whenever a message does. */
export const MESSAGES_VERSION = 2;

/** What drives the device. */
export type DeviceChoice =
  | { readonly driver: 'simulated' }
  /** The engine's WebSocket, for example ws://127.0.0.1:12345. */
  | { readonly driver: 'intiface'; readonly url: string };

export interface StartMessage {
  readonly is: 'start';
  readonly version: number;
  readonly roomId: string;
  /** Where the platform is: the page's own origin. */
  readonly origin: string;
  readonly device: DeviceChoice;
  /** Begin with an empty journal, where the one that is kept cannot be read. */
  readonly newJournal: boolean;
}

export type ToWorker =
  | StartMessage
  /** A person's hands. */
  | { readonly is: 'arm' | 'disarm' | 'panic' }
  /** Also a hand. */
  | { readonly is: 'trial'; readonly level: number }
  | { readonly is: 'envelope'; readonly signed: SignedEnvelope }
  /** Answers a beat. */
  | { readonly is: 'beat'; readonly n: number }
  /** Write the last stops and outcomes, and end. */
  | { readonly is: 'leave' };

export type FromWorker =
  | { readonly is: 'beat'; readonly n: number }
  /** It runs. */
  | { readonly is: 'running'; readonly version: number }
  | { readonly is: 'view'; readonly view: BridgeView }
  /**
   * What was just written to the device, 0 to 1. `lost`: the link went while it moved; what it does now is its own.
   * `atMs` is since 1970, by performance.timeOrigin + performance.now().
   */
  | { readonly is: 'level'; readonly atMs: number; readonly level: number; readonly lost?: boolean }
  /** What holds next to the device. */
  | {
      readonly is: 'envelope';
      readonly envelope: Envelope;
      readonly from: 'broadcaster' | 'default';
      /** 0 for the default one. */
      readonly signedAtMs: number;
    }
  | { readonly is: 'server'; readonly phase: Phase; readonly reason?: CloseReason }
  /** Something went wrong; the bridge goes on. */
  | { readonly is: 'problem'; readonly problem: BridgeProblem }
  /** It does not run, or not any more. The last message. */
  | { readonly is: 'ended'; readonly problem?: BridgeProblem };

const TO_WORKER = ['start', 'arm', 'disarm', 'panic', 'trial', 'envelope', 'beat', 'leave'];

/** Reads what came from the page. */
export function readToWorker(data: unknown): ToWorker | undefined {
  if (typeof data !== 'object' || data === null || !('is' in data)) return undefined;
  return TO_WORKER.includes(String(data.is)) ? (data as ToWorker) : undefined;
}
