import { Store } from '../../lib/store.ts';
import {
  CAMERA_FRAMES,
  HEALTH_EVERY_MS,
  HEALTH_READINGS,
  SETTLE_MS,
  SILENCE_TOLD_MS,
  VIDEO_BITS_PER_SECOND,
} from '../limits.ts';
import type { Capture } from '../setup/capture.ts';
import { type Health, healthOf, type Reading } from './health.ts';
import type { Publisher } from './publisher.ts';

/** Below this a microphone is as good as off: a room is never that quiet. */
const SILENT_LEVEL = 0.02;

/** Looks at picture and sound once a second, and says how they are. */
export class HealthWatch {
  readonly health = new Store<readonly Health[]>([]);
  readonly #capture: Capture;
  readonly #publisher: Publisher;
  #readings: Reading[] = [];
  #heardMono = performance.now();
  #liveMono: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(capture: Capture, publisher: Publisher) {
    this.#capture = capture;
    this.#publisher = publisher;
  }

  start(): void {
    this.stop();
    this.#heardMono = performance.now();
    this.#timer = setInterval(() => void this.#look(), HEALTH_EVERY_MS);
    void this.#look();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#readings = [];
  }

  async #look(): Promise<void> {
    const reading = await this.#publisher.reading();
    this.#readings = reading ? [...this.#readings, reading].slice(-HEALTH_READINGS) : [];
    const { lost, withoutSound } = this.#capture.state.current;
    const { phase, cameraOff, muted } = this.#publisher.state.current;
    const nowMono = performance.now();
    this.#liveMono = phase === 'live' ? (this.#liveMono ?? nowMono) : undefined;
    if (muted || this.#capture.level.read() > SILENT_LEVEL) this.#heardMono = nowMono;
    const gone = (track: MediaStreamTrack | undefined): boolean => !track || track.readyState === 'ended';
    const next = healthOf(
      {
        connection: phase,
        cameraGone: lost === 'camera' || gone(this.#capture.video.current),
        microphoneGone: lost === 'microphone' || gone(this.#capture.audio.current),
        cameraOff,
        muted,
        withoutSound,
        liveMs: nowMono - (this.#liveMono ?? nowMono),
        silentMs: nowMono - this.#heardMono,
        readings: this.#readings,
      },
      {
        wantedBits: VIDEO_BITS_PER_SECOND,
        wantedFrames: CAMERA_FRAMES,
        silenceToldMs: SILENCE_TOLD_MS,
        settleMs: SETTLE_MS,
      },
    );
    if (JSON.stringify(next) !== JSON.stringify(this.health.current)) this.health.set(next);
  }
}
