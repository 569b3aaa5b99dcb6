import { signEnvelope } from '@nightjar/bridge/envelope-signature';
import type { Envelope } from '@nightjar/bridge/machine/envelope';
import { TRIAL_LEVEL_MAX } from '@nightjar/bridge/machine/limits';
import { keyDatabase } from '@nightjar/client/browser/key-database';
import { LevelTrace } from '../components/level-trace.ts';
import { type Readable, Store } from '../lib/store.ts';
import { type BridgeState, ended, OFF, starting, told, withProblem } from './bridge-state.ts';
import {
  BEAT_MS,
  BRIDGE_LEAVE_MS_MAX,
  BRIDGE_SILENT_MS_MAX,
  BRIDGE_START_MS_MAX,
  ENVELOPE_MS_MAX,
} from './limits.ts';
import { askLocalAccess, type LocalAccess, localAccess } from './local-network.ts';
import { type DeviceChoice, type FromWorker, MESSAGES_VERSION, type ToWorker } from './messages.ts';
import { deviceProblem, pageProblem } from './problems.ts';

/** What is used of a Worker. */
export interface WorkerLike {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface PageBridgeParts {
  readonly roomId: string;
  /** Where the platform is; by default where the page comes from. */
  readonly origin?: string;
  readonly spawn?: () => WorkerLike;
}

/**
 * The page's hand on its bridge, which lives in a Worker of its own: starts and ends it, shows what it says, and carries
 * what a person does. It decides nothing about a device, and whatever happens to the page, the device rests.
 *
 * Give it `state` to show, `trace` to draw, and bind `panic` to the stop bar, Esc and game pads.
 */
export class PageBridge implements Disposable {
  readonly #parts: PageBridgeParts;
  readonly #state = new Store<BridgeState>(OFF);
  readonly #listeners = new AbortController();
  #worker: WorkerLike | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heardMono = 0;
  #lookedMono = 0;
  #startedMono = 0;
  #signedAtMs = 0;
  /** The device of a bridge that was ended because the page went out of sight. */
  #backWith: DeviceChoice | undefined;
  #left: PromiseWithResolvers<void> | undefined;
  /** The level that was written to the device over the last 20 s. */
  readonly trace = new LevelTrace();

  constructor(parts: PageBridgeParts) {
    this.#parts = parts;
    const { signal } = this.#listeners;
    // A page that goes, or that the browser puts on ice, cannot stop any more. Its Worker may be on ice before it hears
    // of a stop, so it is ended: that closes its sockets. A page that comes back has its bridge anew, latched.
    addEventListener('pagehide', () => this.#leaveNow(), { signal });
    document.addEventListener('freeze', () => this.#leaveNow(), { signal });
    addEventListener('pageshow', ({ persisted }) => persisted && this.#comeBack(), { signal });
    document.addEventListener('resume', () => this.#comeBack(), { signal });
  }

  get state(): Readable<BridgeState> {
    return this.#state;
  }

  /** Starts the bridge, latched. Does nothing while one runs. */
  start(device: DeviceChoice, { newJournal = false } = {}): void {
    if (this.#worker !== undefined) return;
    this.#backWith = undefined;
    const { roomId, origin = location.origin, spawn = spawnWorker } = this.#parts;
    this.#state.set(starting(this.#state.current, device));
    this.#heardMono = this.#startedMono = this.#lookedMono = performance.now();
    const worker = spawn();
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      if (worker === this.#worker) this.#hear(data);
    };
    worker.onerror = () => {
      if (this.#state.current.phase === 'starting') this.#gone(worker, 'dead', 'bridge_not_started');
    };
    worker.postMessage({ is: 'start', version: MESSAGES_VERSION, roomId, origin, device, newJournal });
    if (device.driver === 'intiface')
      void localAccess(device.url).then((access) => this.#setLocalAccess(device, access));
    this.#timer = setInterval(() => this.#watch(), BEAT_MS);
  }

  /** Stops, closes the books, and ends the bridge. Resolves when it is gone. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    if (this.#left === undefined) {
      this.#left = Promise.withResolvers<void>();
      this.#state.update((state) => ({ ...state, phase: 'leaving' }));
      worker.postMessage({ is: 'leave' });
      setTimeout(() => this.#gone(worker, 'ended'), BRIDGE_LEAVE_MS_MAX);
    }
    await this.#left.promise;
  }

  /** Another device: the bridge starts anew with it, latched. */
  async choose(device: DeviceChoice): Promise<void> {
    await this.stop();
    this.start(device);
  }

  /** Stops everything at once and latches. It waits for nothing, and works in every phase. */
  panic(): void {
    this.#worker?.postMessage({ is: 'panic' });
  }

  /** A person's wish. Never to be bound to anything but a person's hand. */
  arm(): void {
    this.#worker?.postMessage({ is: 'arm' });
  }

  disarm(): void {
    this.#worker?.postMessage({ is: 'disarm' });
  }

  /**
   * A person's wish: moves the device gently for a second, latched and without the platform, to see that it is the right
   * one and how it stops. How it goes is in `state.view.trial`; what is in the way, in `state.problem`.
   */
  tryIt(): void {
    void this.#trial(TRIAL_LEVEL_MAX);
  }

  /** Only looks whether the device is there: `state.view.trial` says `done` then. Nothing moves. */
  look(): void {
    void this.#trial(0);
  }

  /**
   * Signs an envelope with this device's key and hands it to the running bridge, which keeps it for the next time.
   * Resolves once it holds and is kept; what holds is in `state`.
   * @throws RangeError on one that the machine would not take, or while no bridge runs
   * @throws Error when it was not kept in time: `state.problem` says more
   */
  async setEnvelope(envelope: Envelope): Promise<void> {
    const { roomId } = this.#parts;
    const key = await keyDatabase().key('device');
    // Two in one millisecond are two all the same.
    const signedAtMs = Math.max(Date.now(), this.#signedAtMs + 1);
    const signed = await signEnvelope(key, { roomId, envelope, signedAtMs });
    if (this.#worker === undefined) throw new RangeError('no bridge runs');
    this.#worker.postMessage({ is: 'envelope', signed });
    await this.#envelopeSince(signedAtMs);
  }

  [Symbol.dispose](): void {
    this.#listeners.abort();
    void this.stop();
  }

  #envelopeSince(signedAtMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        off();
        reject(new Error('the envelope was not kept'));
      }, ENVELOPE_MS_MAX);
      const off = this.#state.subscribe(() => {
        if (this.#signedAtMs < signedAtMs) return;
        clearTimeout(timer);
        off();
        resolve();
      });
    });
  }

  #hear(message: FromWorker): void {
    this.#heardMono = performance.now();
    if (message.is === 'beat') this.#worker?.postMessage({ is: 'beat', n: message.n });
    if (message.is === 'envelope') this.#signedAtMs = message.signedAtMs;
    if (message.is === 'level') this.trace.add(message.level, message.atMs - performance.timeOrigin);
    const before = this.#state.current.problem;
    this.#state.update((state) => told(state, message, Date.now()));
    const { problem } = this.#state.current;
    if (problem !== before && problem?.code === 'engine_unreachable') void this.#whyUnreachable();
    if (message.is === 'ended') this.#gone(this.#worker, 'ended');
  }

  /** The browser's question comes in the window, where a person pressed; the Worker finds it answered. */
  async #trial(level: number): Promise<void> {
    const { device, localAccess: access } = this.#state.current;
    if (device?.driver === 'intiface' && access === 'prompt')
      this.#setLocalAccess(device, await askLocalAccess(device.url));
    this.#worker?.postMessage({ is: 'trial', level });
  }

  #setLocalAccess(of: DeviceChoice, access: LocalAccess): void {
    this.#state.update((state) => (state.device === of ? { ...state, localAccess: access } : state));
  }

  /** A socket does not say why it did not open. */
  async #whyUnreachable(): Promise<void> {
    const { device } = this.#state.current;
    if (device?.driver !== 'intiface') return;
    const access = await localAccess(device.url);
    this.#setLocalAccess(device, access);
    if (access === 'granted') return;
    this.#state.update((state) => {
      if (state.problem?.code !== 'engine_unreachable') return state;
      return withProblem(state, deviceProblem('refused_by_browser'), Date.now());
    });
  }

  #leaveNow(): void {
    const { phase, device } = this.#state.current;
    if (phase === 'starting' || phase === 'running') this.#backWith = device;
    this.panic();
    this.#gone(this.#worker, 'ended');
  }

  #comeBack(): void {
    const device = this.#backWith;
    this.#backWith = undefined;
    if (device !== undefined) this.start(device);
  }

  #watch(): void {
    const nowMono = performance.now();
    // This page slept or was busy: what the Worker said meanwhile is still to be heard.
    const late = nowMono - this.#lookedMono > 2 * BEAT_MS;
    this.#lookedMono = nowMono;
    if (late) return;
    const { phase } = this.#state.current;
    if (phase === 'starting' && nowMono - this.#startedMono > BRIDGE_START_MS_MAX)
      this.#gone(this.#worker, 'dead', 'bridge_not_started');
    else if (phase === 'running' && nowMono - this.#heardMono > BRIDGE_SILENT_MS_MAX)
      this.#gone(this.#worker, 'dead', 'bridge_silent');
  }

  /** The end of the Worker closes its sockets, and by that whatever it moved rests. */
  #gone(
    worker: WorkerLike | undefined,
    phase: 'ended' | 'dead',
    code?: 'bridge_silent' | 'bridge_not_started',
  ): void {
    if (worker === undefined || worker !== this.#worker) return;
    this.#worker = undefined;
    worker.terminate();
    clearInterval(this.#timer);
    const { phase: before } = this.#state.current;
    if (before !== 'ended') {
      const problem = code === undefined ? undefined : pageProblem(code);
      this.#state.update((state) => ended(state, phase, Date.now(), problem));
    }
    this.trace.add(0, performance.now());
    this.#left?.resolve();
    this.#left = undefined;
  }
}

function spawnWorker(): WorkerLike {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'nightjar-bridge' });
}
