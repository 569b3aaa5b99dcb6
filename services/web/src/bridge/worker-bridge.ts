import { openOpfsJournal } from '@nightjar/bridge/browser/opfs-journal';
import type { DeviceDriver } from '@nightjar/bridge/driver';
import { intifaceDriver } from '@nightjar/bridge/drivers/intiface';
import { simulatedDriver } from '@nightjar/bridge/drivers/simulated';
import { type SignedEnvelope, verifyEnvelope } from '@nightjar/bridge/envelope-signature';
import { JournalError } from '@nightjar/bridge/journal-codec';
import type { Write } from '@nightjar/bridge/link-writer';
import { DEFAULT_ENVELOPE, type Envelope } from '@nightjar/bridge/machine/envelope';
import { type Bridge, startBridge } from '@nightjar/bridge/run';
import type { BridgeView } from '@nightjar/bridge/view';
import { BridgeConnection } from '@nightjar/client/bridge-connection';
import { keyDatabase } from '@nightjar/client/browser/key-database';
import { endpointsAt } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { Identity } from '@nightjar/client/identity';
import { type EnvelopeStore, envelopeStore } from './envelope-store.ts';
import { BEAT_MS } from './limits.ts';
import {
  type DeviceChoice,
  type FromWorker,
  MESSAGES_VERSION,
  type StartMessage,
  type ToWorker,
} from './messages.ts';
import { PageWatch } from './page-watch.ts';
import { type BridgeProblem, pageProblem, serverProblem } from './problems.ts';

/** The bridge inside of the Worker: a room's machine with its own sockets, on the page's word. */
export class WorkerBridge {
  readonly #tell: (message: FromWorker) => void;
  #bridge: Bridge | undefined;
  #started = false;
  #ending = false;
  #closeJournal = () => {};
  #takeEnvelope: (signed: SignedEnvelope) => Promise<void> = async () => {};
  #beatTimer: ReturnType<typeof setInterval> | undefined;
  #page: PageWatch | undefined;
  #level = 0;

  /** @param tell gives a message to the page */
  constructor(tell: (message: FromWorker) => void) {
    this.#tell = tell;
  }

  hear(message: ToWorker): void {
    switch (message.is) {
      case 'panic':
        this.#bridge?.panic();
        break;
      case 'disarm':
        this.#bridge?.disarm();
        break;
      case 'arm':
        this.#bridge?.arm();
        break;
      case 'trial':
        this.#bridge?.trial(message.level);
        break;
      case 'beat':
        this.#page?.answered(message.n);
        break;
      case 'envelope':
        this.#takeEnvelope(message.signed).catch(() => this.#problem(pageProblem('envelope_not_kept')));
        break;
      case 'leave':
        void this.#end();
        break;
      case 'start':
        if (this.#started) break;
        this.#started = true;
        this.#start(message).catch((error: unknown) => void this.#end(asProblem(error)));
        break;
    }
  }

  /** Rule 7 for what nobody caught: stop, then end. The end of the Worker closes the device's link. */
  fault(): void {
    void this.#end(pageProblem('bridge_fault'));
  }

  async #start({ version, roomId, origin, device, newJournal }: StartMessage): Promise<void> {
    if (version !== MESSAGES_VERSION) {
      await this.#end(pageProblem('bridge_version'));
      return;
    }
    const keys = keyDatabase();
    const [own, key] = [await keys.key('device'), await keys.key('bridge')];
    const journal = await openOpfsJournal(roomId, { anew: newJournal });
    this.#closeJournal = () => journal[Symbol.dispose]();
    const envelopes = new Envelopes(envelopeStore(roomId), roomId, own.publicKey);
    const envelope = await envelopes.load();
    if (this.#ending) {
      journal[Symbol.dispose]();
      return;
    }
    const endpoints = endpointsAt(origin);
    const http = createHttpClient();
    const identity = new Identity({ endpoints, http, keys, broadcaster: true });
    const link = new BridgeConnection({ endpoints, http, identity, roomId, bridgeKey: key.publicKey });
    link.on('phase', ({ phase, reason }) =>
      this.#tell({ is: 'server', phase, ...(reason === undefined ? {} : { reason }) }),
    );
    link.on('problem', ({ problem }) => this.#problem(serverProblem(problem)));
    const bridge = startBridge({
      ...{ roomId, driver: driverFor(device), link, journal, key, envelope },
      onView: (view) => this.#view(view),
      onWrite: (write) => this.#write(write),
    });
    this.#bridge = bridge;
    this.#takeEnvelope = async (signed) => {
      // It holds at once, whether it can be kept or not.
      bridge.setEnvelope(await envelopes.take(signed));
      await envelopes.keep(signed);
      this.#tellEnvelope(envelopes);
    };
    this.#tell({ is: 'running', version: MESSAGES_VERSION });
    this.#view(bridge.view());
    this.#tellEnvelope(envelopes);
    if (envelopes.broken) this.#problem(pageProblem('envelope_unsigned'));
    this.#watchPage();
  }

  /** A page that hangs cannot stop: then the bridge does, and says so when the page is back. */
  #watchPage(): void {
    const page = new PageWatch(performance.now());
    this.#page = page;
    const beat = (): void => this.#tell({ is: 'beat', n: page.ask(performance.now()) });
    beat();
    this.#beatTimer = setInterval(() => {
      if (page.isSilent(performance.now()) && this.#bridge?.view().arm.phase !== 'latched') {
        this.#bridge?.panic();
        this.#problem(pageProblem('page_silent'));
      }
      beat();
    }, BEAT_MS);
  }

  #view(view: BridgeView): void {
    this.#tell({ is: 'view', view });
    if (view.device === 'down' && this.#level > 0) this.#tellLevel(0, true);
  }

  #write(write: Write): void {
    if (write.is === 'drive') this.#tellLevel(write.drive.level);
    else if (write.is === 'stop') this.#tellLevel(0);
  }

  #tellLevel(level: number, lost = false): void {
    if (level === this.#level) return;
    this.#level = level;
    const atMs = performance.timeOrigin + performance.now();
    this.#tell({ is: 'level', atMs, level, ...(lost ? { lost } : {}) });
  }

  #tellEnvelope({ current, from, signedAtMs }: Envelopes): void {
    this.#tell({ is: 'envelope', envelope: current, from, signedAtMs });
  }

  #problem(problem: BridgeProblem): void {
    this.#tell({ is: 'problem', problem });
  }

  /** Stops are written first; then the books are closed. */
  async #end(problem?: BridgeProblem): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    clearInterval(this.#beatTimer);
    try {
      await this.#bridge?.close();
      this.#closeJournal();
    } finally {
      this.#tell({ is: 'ended', ...(problem === undefined ? {} : { problem }) });
    }
  }
}

/** The envelope that holds: the broadcaster's own where her signature is on it, else the default. */
class Envelopes {
  readonly #store: EnvelopeStore;
  readonly #roomId: string;
  readonly #publicKey: Uint8Array;
  signedAtMs = 0;
  current: Envelope = DEFAULT_ENVELOPE;
  from: 'broadcaster' | 'default' = 'default';
  /** There was one, and it did not verify. */
  broken = false;

  constructor(store: EnvelopeStore, roomId: string, publicKey: Uint8Array) {
    this.#store = store;
    this.#roomId = roomId;
    this.#publicKey = publicKey;
  }

  async load(): Promise<Envelope> {
    const signed = await this.#store.load();
    if (signed !== undefined && !(await this.#verify(signed))) this.broken = true;
    return this.current;
  }

  /** Throws RangeError on one that is not the broadcaster's, or older than the one in force. */
  async take(signed: SignedEnvelope): Promise<Envelope> {
    if (!(await this.#verify(signed))) throw new RangeError('not the broadcaster’s envelope');
    return this.current;
  }

  /** For the next start. */
  async keep(signed: SignedEnvelope): Promise<void> {
    await this.#store.save(signed);
  }

  async #verify(signed: SignedEnvelope): Promise<boolean> {
    const body = await verifyEnvelope(signed, this.#roomId, this.#publicKey);
    if (body === undefined || body.signedAtMs < this.signedAtMs) return false;
    this.current = body.envelope;
    this.signedAtMs = body.signedAtMs;
    this.from = 'broadcaster';
    return true;
  }
}

function driverFor(device: DeviceChoice): DeviceDriver {
  return device.driver === 'intiface' ? intifaceDriver({ url: device.url }) : simulatedDriver();
}

function asProblem(error: unknown): BridgeProblem {
  if (error instanceof JournalError) return pageProblem(error.code);
  const storage = ['SecurityError', 'NotSupportedError', 'QuotaExceededError', 'InvalidStateError'];
  if (error instanceof DOMException && storage.includes(error.name)) return pageProblem('no_storage');
  return pageProblem('bridge_fault');
}
