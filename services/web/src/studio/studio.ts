import { keeperDatabase } from '@nightjar/client/browser/keeper-database';
import { keyDatabase } from '@nightjar/client/browser/key-database';
import { Fences } from '@nightjar/client/fences';
import { Identity } from '@nightjar/client/identity';
import { type Room, Rooms } from '@nightjar/client/rooms';
import type { DeviceChoice } from '../bridge/messages.ts';
import { PageBridge } from '../bridge/page-bridge.ts';
import { endpoints, http } from '../lib/backend.ts';
import { Store } from '../lib/store.ts';
import { isBroadcaster } from './admission.ts';
import { keptHere, STEPS, type Step } from './kept.ts';
import { ADMISSION_EVERY_MS } from './limits.ts';
import { codeOf, problemWords } from './problem-words.ts';
import { Capture } from './setup/capture.ts';
import { ConnectionCheck } from './setup/connection-check.ts';
import { FenceModel } from './setup/fence-model.ts';
import { Awake } from './show/awake.ts';
import { nameOfTitle } from './show/face-draft.ts';
import { HealthWatch } from './show/health-watch.ts';
import { LiveModel } from './show/live-model.ts';
import { Publisher } from './show/publisher.ts';
import { RoomEditor } from './show/room-editor.ts';
import { Stills } from './show/stills.ts';
import type { StopBar } from './stop/stop-bar.ts';
import type { StudioScreen } from './studio-screen.ts';

/** What belongs to one's room, once it is known which. */
export interface OwnRoom {
  readonly roomId: string;
  readonly slug: string;
  readonly bridge: PageBridge;
  readonly fence: FenceModel;
  readonly editor: RoomEditor;
  readonly publisher: Publisher;
  readonly health: HealthWatch;
}

/**
 * The broadcaster's evening: who they are, their room, the five steps, the show and its end. The bridge and its stop
 * hang on nothing of this but the room's id.
 */
export class Studio {
  readonly screen = new Store<StudioScreen>({ is: 'looking' });
  readonly kept = keptHere();
  readonly capture = new Capture(this.kept);
  readonly awake = new Awake();
  readonly live = new Store<LiveModel | undefined>(undefined);
  /** Undefined until the room is known. */
  own: OwnRoom | undefined;
  readonly connection: ConnectionCheck;
  readonly #stop: StopBar;
  readonly #keys = keyDatabase();
  readonly #identity = new Identity({ endpoints, http, keys: this.#keys, broadcaster: true });
  readonly #rooms = new Rooms({ endpoints, http, identity: this.#identity });
  readonly #stills = new Stills(this.#rooms);
  #asking: ReturnType<typeof setTimeout> | undefined;

  constructor(stop: StopBar) {
    this.#stop = stop;
    this.connection = new ConnectionCheck(this.#rooms, this.#identity);
  }

  /** Looks who this is and what was on. */
  async begin(): Promise<void> {
    clearTimeout(this.#asking);
    try {
      if (!(await isBroadcaster(this.#identity))) {
        const publicKey = await this.#identity.publicKey();
        this.screen.set({ is: 'stranger', publicKey });
        this.#asking = setTimeout(() => void this.begin(), ADMISSION_EVERY_MS);
        return;
      }
      const { roomId } = this.kept.current;
      if (roomId === undefined) this.screen.set({ is: 'no_room', busy: false });
      else this.#enter(await this.#rooms.getOwn(roomId));
    } catch (error) {
      if (codeOf(error) === 'room_not_found') this.#forgetRoom();
      else this.screen.set({ is: 'failed', problem: problemWords(error) });
    }
  }

  async createRoom(title: string): Promise<void> {
    await this.#room(() =>
      this.#rooms.create({ name: nameOfTitle(title), title: title.trim() }, this.kept.current.roomKey),
    );
  }

  /** @param room its slug or id */
  async takeRoom(room: string): Promise<void> {
    await this.#room(() => this.#rooms.getOwn(room));
  }

  goTo(step: Step): void {
    this.screen.set({ is: 'set_up', step });
    if (step === 'camera' && this.capture.state.current.phase === 'off') void this.capture.start();
    if (step === 'device' || step === 'envelope') this.#startBridge();
    const fence = this.own?.fence;
    if (step === 'fence' && fence?.state.current.phase !== 'ready') void fence?.load();
  }

  /** This step is done; on to the next, or to the preview after the last. */
  next(step: Step): void {
    this.kept.update((kept) => ({
      ...kept,
      done: STEPS.filter((at) => at === step || kept.done.includes(at)),
    }));
    const following = STEPS[STEPS.indexOf(step) + 1];
    if (following) this.goTo(following);
    else this.preview();
  }

  preview(): void {
    this.screen.set({ is: 'preview', busy: false });
    if (this.capture.state.current.phase === 'off') void this.capture.start();
    this.#startBridge();
    this.#joinRoom();
    if (this.own?.fence.state.current.phase === 'loading') void this.own.fence.load();
  }

  /** @param device undefined: none */
  async chooseDevice(device: DeviceChoice | undefined): Promise<void> {
    this.kept.update(({ device: _device, ...kept }) => ({ ...kept, ...(device ? { device } : {}) }));
    const bridge = this.own?.bridge;
    if (!bridge) return;
    if (device) await bridge.choose(device);
    else await bridge.stop();
  }

  async goLive(): Promise<void> {
    const { own } = this;
    if (!own) return;
    this.#busy(true);
    try {
      if (!(await own.editor.saveAll())) {
        this.#busy(false, 'Something in title, menu or goal needs a look first.');
        return;
      }
      const { startedAt } = await this.#startShow(own.roomId);
      this.#goOn(Date.parse(startedAt));
    } catch (error) {
      this.#busy(false, problemWords(error));
    }
  }

  /** Takes up again a show that is on. Nothing is armed by it. */
  async takeUp(): Promise<void> {
    const { current } = this.screen;
    if (current.is !== 'still_live') return;
    this.#busy(true);
    if (this.capture.state.current.phase === 'off') await this.capture.start();
    this.#startBridge();
    this.#goOn(current.startedWall);
  }

  /** Outputs first, then the show. */
  async endShow(): Promise<void> {
    const { own } = this;
    if (!own) return;
    own.bridge.panic();
    const live = this.live.current;
    try {
      await this.#rooms.endShow(own.roomId);
    } catch (error) {
      this.#busy(false, problemWords(error));
      throw error;
    }
    own.publisher.stop();
    own.health.stop();
    this.#stills.stop();
    this.awake.stop();
    live?.end();
    if (live && this.screen.current.is === 'live')
      this.screen.set({ is: 'summary', summary: live.state.current.tally });
    else this.preview();
  }

  /** After the summary: everything is put down but the room. */
  again(): void {
    this.live.current?.close();
    this.live.set(undefined);
    this.preview();
  }

  leave(): void {
    this.live.current?.close();
    this.own?.publisher.stop();
  }

  async #startShow(roomId: string): Promise<{ startedAt: string }> {
    try {
      return await this.#rooms.startShow(roomId);
    } catch (error) {
      // Another window, or an answer that got lost: it is on, which is what was wanted.
      const { show } = codeOf(error) === 'show_already_on' ? await this.#rooms.getOwn(roomId) : {};
      if (!show) throw error;
      return show;
    }
  }

  #goOn(startedWall: number): void {
    const { own } = this;
    if (!own) return;
    this.#joinRoom();
    this.live.current?.begin(startedWall);
    own.publisher.start();
    own.health.start();
    this.awake.start();
    if (this.kept.current.stills)
      this.#stills.start(own.roomId, () =>
        own.publisher.state.current.cameraOff ? undefined : (document.querySelector('video') ?? undefined),
      );
    this.screen.set({ is: 'live' });
  }

  /** From the preview on the broadcaster is in their room: newcomers get the chat's key before the show begins. */
  #joinRoom(): void {
    const { own } = this;
    if (!own || this.live.current) return;
    this.live.set(
      new LiveModel({
        roomId: own.roomId,
        identity: this.#identity,
        rooms: this.#rooms,
        keys: this.#keys,
        keeperStore: keeperDatabase(),
      }),
    );
  }

  async #room(get: () => Promise<Room>): Promise<void> {
    this.screen.set({ is: 'no_room', busy: true });
    try {
      const room = await get();
      this.kept.update((kept) => ({ ...kept, roomId: room.roomId }));
      this.#enter(room);
    } catch (error) {
      this.screen.set({ is: 'no_room', busy: false, problem: problemWords(error) });
    }
  }

  #enter(room: Room): void {
    const { roomId, slug, show } = room;
    const rooms = this.#rooms;
    const bridge = new PageBridge({ roomId });
    this.#stop.attach(bridge);
    const publisher = new Publisher(
      async () => rooms.mediaGrant(roomId, (await this.live.current?.connection.mediaTicket()) ?? ''),
      this.capture,
    );
    this.own = {
      roomId,
      slug,
      bridge,
      fence: new FenceModel(new Fences({ endpoints, http, identity: this.#identity }), roomId),
      editor: new RoomEditor(rooms, room),
      publisher,
      health: new HealthWatch(this.capture, publisher),
    };
    if (show) {
      this.screen.set({ is: 'still_live', startedWall: Date.parse(show.startedAt), busy: false });
      return;
    }
    const missing = STEPS.find((step) => !this.kept.current.done.includes(step));
    if (missing) this.goTo(missing);
    else this.preview();
  }

  #startBridge(): void {
    const { device } = this.kept.current;
    const bridge = this.own?.bridge;
    // One that ended or died is started again by a person's hand only.
    if (device && bridge?.state.current.phase === 'off') bridge.start(device);
  }

  #busy(busy: boolean, problem?: string): void {
    this.screen.update((screen) => {
      if (screen.is !== 'preview' && screen.is !== 'still_live') return screen;
      const { problem: _problem, ...rest } = screen;
      return { ...rest, busy, ...(problem === undefined ? {} : { problem }) };
    });
  }

  #forgetRoom(): void {
    this.kept.update(({ roomId: _roomId, ...kept }) => ({ ...kept, roomKey: crypto.randomUUID(), done: [] }));
    this.screen.set({ is: 'no_room', busy: false });
  }
}
