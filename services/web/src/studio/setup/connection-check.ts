import type { Identity } from '@nightjar/client/identity';
import { RoomConnection } from '@nightjar/client/room-connection';
import type { Rooms } from '@nightjar/client/rooms';
import { endpoints, http } from '../../lib/backend.ts';
import { Store } from '../../lib/store.ts';
import { CHECK_MS_MAX, CHECK_ROUNDS } from '../limits.ts';
import { problemWords } from '../problem-words.ts';
import { roundTripResult } from './round-trip.ts';

export const CHECKS = ['server', 'room', 'media', 'network'] as const;
export type Check = (typeof CHECKS)[number];

export interface CheckResult {
  readonly is: 'waiting' | 'running' | 'good' | 'bad';
  readonly text?: string;
  readonly wayOut?: string;
}

export interface CheckState {
  readonly phase: 'idle' | 'running' | 'done';
  readonly results: Readonly<Record<Check, CheckResult>>;
}

export const NOT_CHECKED: CheckState = {
  phase: 'idle',
  results: {
    server: { is: 'waiting' },
    room: { is: 'waiting' },
    media: { is: 'waiting' },
    network: { is: 'waiting' },
  },
};

const LATER = 'Wait a minute and check again. If it stays so, tell the operator.';

/** Whether this computer reaches what a show needs, one thing after the other. */
export class ConnectionCheck {
  readonly state = new Store<CheckState>(NOT_CHECKED);
  readonly #rooms: Rooms;
  readonly #identity: Identity;
  #run = 0;

  constructor(rooms: Rooms, identity: Identity) {
    this.#rooms = rooms;
    this.#identity = identity;
  }

  /** @returns whether all is well */
  async run(roomId: string): Promise<boolean> {
    this.#run += 1;
    const run = this.#run;
    this.state.set({ ...NOT_CHECKED, phase: 'running' });
    const checks: Record<Check, () => Promise<CheckResult>> = {
      server: () => this.#server(roomId),
      room: () => this.#room(roomId),
      media: () => gate(),
      network: () => network(),
    };
    for (const check of CHECKS) {
      this.#say(check, { is: 'running' });
      const result = await checks[check]();
      if (run !== this.#run) return false;
      this.#say(check, result);
      // Where the server cannot be reached, the rest would only say so again.
      if (check === 'server' && result.is === 'bad') break;
    }
    this.state.update((state) => ({ ...state, phase: 'done' }));
    return CHECKS.every((check) => this.state.current.results[check].is === 'good');
  }

  #say(check: Check, result: CheckResult): void {
    this.state.update((state) => ({ ...state, results: { ...state.results, [check]: result } }));
  }

  async #server(roomId: string): Promise<CheckResult> {
    const tookMs: number[] = [];
    try {
      for (let i = 0; i < CHECK_ROUNDS; i += 1) {
        const begunMono = performance.now();
        await this.#rooms.getOwn(roomId);
        tookMs.push(performance.now() - begunMono);
      }
    } catch (error) {
      return {
        is: 'bad',
        text: problemWords(error),
        wayOut: 'Look whether other pages load. If they do, wait a minute.',
      };
    }
    return roundTripResult(tookMs);
  }

  async #room(roomId: string): Promise<CheckResult> {
    using connection = new RoomConnection({
      endpoints,
      http,
      roomId,
      as: 'broadcaster',
      identity: this.#identity,
    });
    try {
      await connection.live(AbortSignal.timeout(CHECK_MS_MAX));
      return { is: 'good', text: 'Lines, tips and stops come and go.' };
    } catch {
      return {
        is: 'bad',
        text: 'The room’s own connection does not open.',
        wayOut:
          'A firewall or an add-on may keep WebSockets from this page. Try without it, or in another network.',
      };
    }
  }
}

/** Without a show nobody is let in; that the gate says no is what shows that it is there. */
async function gate(): Promise<CheckResult> {
  try {
    const response = await fetch('/rtc/validate', {
      signal: AbortSignal.timeout(CHECK_MS_MAX),
      cache: 'no-store',
    });
    if (response.status < 500) return { is: 'good', text: 'The way for picture and sound is open.' };
  } catch {
    // As an answer of a proxy whose server is away.
  }
  return { is: 'bad', text: 'The media server does not answer.', wayOut: LATER };
}

/** Whether this browser finds a way out for media at all: some add-ons and networks close all of them. */
async function network(): Promise<CheckResult> {
  const peer = new RTCPeerConnection();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), CHECK_MS_MAX);
  peer.onicecandidate = ({ candidate }) => {
    if (candidate && candidate.candidate !== '') resolve(true);
    else if (!candidate) resolve(false);
  };
  try {
    peer.createDataChannel('check');
    await peer.setLocalDescription(await peer.createOffer());
    if (await promise)
      return {
        is: 'good',
        text: 'Your browser can send. How much your line carries is measured once you are live.',
      };
  } catch {
    // Said below.
  } finally {
    clearTimeout(timer);
    peer.close();
  }
  return {
    is: 'bad',
    text: 'This browser finds no way to send a picture.',
    wayOut: 'An add-on may forbid WebRTC. Switch it off for this page.',
  };
}
