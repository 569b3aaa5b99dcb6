import { Store } from '../../lib/store.ts';
import type { Kept } from '../kept.ts';
import { CAMERA_FRAMES, CAMERA_HEIGHT, CAMERA_WIDTH } from '../limits.ts';
import { type CaptureKind, type CaptureTrouble, captureFault } from './capture-trouble.ts';
import { MicrophoneLevel } from './microphone-level.ts';

export interface CaptureDevice {
  readonly id: string;
  readonly label: string;
}

export interface CaptureState {
  readonly phase: 'off' | 'asking' | 'on';
  /** What is wrong with either; both are empty when all is well. */
  readonly camera?: CaptureTrouble;
  readonly microphone?: CaptureTrouble;
  readonly cameras: readonly CaptureDevice[];
  readonly microphones: readonly CaptureDevice[];
  readonly cameraId?: string;
  readonly microphoneId?: string;
  /** The person goes on without a microphone. */
  readonly withoutSound: boolean;
  /** Went away by itself while it was on: unplugged, or taken by the system. */
  readonly lost?: CaptureKind;
}

export const NO_CAPTURE: CaptureState = { phase: 'off', cameras: [], microphones: [], withoutSound: false };

/** The broadcaster's camera and microphone. */
export class Capture {
  readonly state = new Store<CaptureState>(NO_CAPTURE);
  /** The tracks as they are now; they change when another camera is chosen. */
  readonly video = new Store<MediaStreamTrack | undefined>(undefined);
  readonly audio = new Store<MediaStreamTrack | undefined>(undefined);
  readonly level = new MicrophoneLevel();
  readonly #kept: Store<Kept>;
  #run = 0;

  constructor(kept: Store<Kept>) {
    this.#kept = kept;
    this.state.update((state) => ({ ...state, withoutSound: kept.current.withoutSound }));
    navigator.mediaDevices.addEventListener('devicechange', () => void this.#onChange());
  }

  /** Asks for both, as the person chose them. Whatever it finds wrong is in the state. */
  async start(): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    const { withoutSound } = this.state.current;
    this.#say({ phase: 'asking' });
    const [video, audio] = await this.#ask(withoutSound);
    if (run !== this.#run) {
      for (const track of [video.track, audio?.track]) track?.stop();
      return;
    }
    this.#take('camera', video.track);
    this.#take('microphone', audio?.track);
    const { camera: _c, microphone: _m, lost: _l, ...state } = this.state.current;
    this.state.set({
      ...state,
      phase: video.track || audio?.track ? 'on' : 'off',
      ...(video.trouble ? { camera: video.trouble } : {}),
      ...(audio?.trouble ? { microphone: audio.trouble } : {}),
      ...idOf('cameraId', video.track),
      ...idOf('microphoneId', audio?.track),
    });
    await this.#list();
  }

  stop(): void {
    this.#run += 1;
    this.#take('camera', undefined);
    this.#take('microphone', undefined);
    this.#say({ phase: 'off' });
  }

  async choose(kind: CaptureKind, id: string): Promise<void> {
    this.#kept.update((kept) => ({ ...kept, [kind === 'camera' ? 'cameraId' : 'microphoneId']: id }));
    await this.start();
  }

  async setWithoutSound(withoutSound: boolean): Promise<void> {
    this.#kept.update((kept) => ({ ...kept, withoutSound }));
    this.#say({ withoutSound });
    await this.start();
  }

  /** One question for both, so that the browser asks once; where that fails, one for each tells which is at fault. */
  async #ask(withoutSound: boolean): Promise<[Asked, Asked | undefined]> {
    const { cameraId, microphoneId } = this.#kept.current;
    const video = videoOf(cameraId);
    const audio = withoutSound ? false : audioOf(microphoneId);
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video, audio });
      return [
        { track: stream.getVideoTracks()[0] },
        audio ? { track: stream.getAudioTracks()[0] } : undefined,
      ];
    } catch (error) {
      if (!audio) return [await refused('camera', error), undefined];
      // Both were asked for, and a person who refuses does not want to be asked twice more.
      const fault = captureFault(error);
      if (fault === 'refused') {
        const [camera, microphone] = await Promise.all([mayUse('camera'), mayUse('microphone')]);
        if (!camera && !microphone)
          return [{ trouble: { kind: 'camera', fault } }, { trouble: { kind: 'microphone', fault } }];
      }
      return [await alone('camera', { video }), await alone('microphone', { audio })];
    }
  }

  #take(kind: CaptureKind, track: MediaStreamTrack | undefined): void {
    const store = kind === 'camera' ? this.video : this.audio;
    const before = store.current;
    if (before === track) return;
    store.set(track);
    before?.stop();
    if (kind === 'microphone') this.level.listen(track);
    track?.addEventListener('ended', () => {
      if (store.current === track) this.#say({ lost: kind });
    });
  }

  async #onChange(): Promise<void> {
    await this.#list();
    const { phase, camera, lost } = this.state.current;
    // What was missing may be there now, and what went away may have come back.
    if (phase !== 'asking' && (camera?.fault === 'missing' || lost !== undefined)) await this.start();
  }

  async #list(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const of = (kind: MediaDeviceKind, name: string): CaptureDevice[] =>
      devices
        .filter((device) => device.kind === kind && device.deviceId !== '')
        .map(({ deviceId, label }, i) => ({ id: deviceId, label: label || `${name} ${i + 1}` }));
    this.#say({ cameras: of('videoinput', 'Camera'), microphones: of('audioinput', 'Microphone') });
  }

  #say(change: Partial<CaptureState>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}

interface Asked {
  readonly track?: MediaStreamTrack | undefined;
  readonly trouble?: CaptureTrouble;
}

async function alone(kind: CaptureKind, constraints: MediaStreamConstraints): Promise<Asked> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    return { track: stream.getTracks()[0] };
  } catch (error) {
    return refused(kind, error);
  }
}

async function refused(kind: CaptureKind, error: unknown): Promise<Asked> {
  return { trouble: { kind, fault: captureFault(error) } };
}

async function mayUse(kind: CaptureKind): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: kind });
    return state === 'granted';
  } catch {
    return false;
  }
}

function videoOf(id: string | undefined): MediaTrackConstraints {
  return {
    width: { ideal: CAMERA_WIDTH },
    height: { ideal: CAMERA_HEIGHT },
    frameRate: { ideal: CAMERA_FRAMES },
    ...(id === undefined ? {} : { deviceId: { exact: id } }),
  };
}

function audioOf(id: string | undefined): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(id === undefined ? {} : { deviceId: { exact: id } }),
  };
}

function idOf(name: 'cameraId' | 'microphoneId', track: MediaStreamTrack | undefined) {
  const id = track?.getSettings().deviceId;
  return id === undefined ? {} : { [name]: id };
}
