import type { Rooms } from '@nightjar/client/rooms';
import { STILL_BYTES_MAX, STILL_EVERY_MS, STILL_WIDTH } from '../limits.ts';

/** Shows a still of the picture in the directory, a new one every so often. What is refused is tried with the next. */
export class Stills {
  readonly #rooms: Pick<Rooms, 'putStill'>;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(rooms: Pick<Rooms, 'putStill'>) {
    this.#rooms = rooms;
  }

  /** @param picture undefined while there is none to be shown */
  start(roomId: string, picture: () => HTMLVideoElement | undefined): void {
    this.stop();
    const send = async (): Promise<void> => {
      const video = picture();
      const bytes = video && (await stillOf(video));
      if (bytes) await this.#rooms.putStill(roomId, { type: 'image/jpeg', bytes }).catch(() => {});
    };
    this.#timer = setInterval(() => void send(), STILL_EVERY_MS);
    void send();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

async function stillOf(video: HTMLVideoElement): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (video.videoWidth === 0) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = STILL_WIDTH;
  canvas.height = Math.round((STILL_WIDTH * video.videoHeight) / video.videoWidth);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  for (const quality of [0.8, 0.6, 0.4]) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (blob && blob.size <= STILL_BYTES_MAX) return new Uint8Array(await blob.arrayBuffer());
  }
  return undefined;
}
