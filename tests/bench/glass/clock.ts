import type { BrowserContext, Page } from 'playwright-core';

/** Picture sizes that are measured. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

declare global {
  interface Window {
    nightjarClockCamera(size: Size): MediaStreamTrack;
    /** Reads the clock in a video's frames until `stop`; each entry is a delay in ms, or null where it cannot be read. */
    nightjarReadClock(video: HTMLVideoElement): { stop(): (number | null)[] };
  }
}

/**
 * Gives pages a camera whose picture holds the time of day, in blocks that survive any codec: 24 bits of milliseconds and
 * 8 of a check sum, and what reads it back as the frame is shown. Both ends are on one machine, and so on one clock.
 */
export async function addClock(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const BITS = 32;
    const sumOf = (ms: number): number => ((ms >> 16) ^ (ms >> 8) ^ ms ^ 0x5a) & 255;
    window.nightjarClockCamera = ({ width, height }) => {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
      let n = 0;
      const draw = (): void => {
        const ms = Date.now() % 2 ** 24;
        pen.fillStyle = '#345';
        pen.fillRect(0, 0, width, height);
        // Something that moves, so that the encoder has work.
        for (let i = 0; i < 40; i++) {
          pen.fillStyle = `hsl(${(n * 3 + i * 9) % 360} 70% 50%)`;
          pen.fillRect((i * 37 + n * 5) % width, (i * 53 + n * 2) % (height / 3), width / 11, height / 12);
          pen.fillRect(
            (i * 31 + n * 3) % width,
            height * 0.64 + ((i * 47 + n) % (height * 0.28)),
            width / 13,
            height / 12,
          );
        }
        for (let i = 0; i < BITS; i++) {
          const bit = i < 24 ? (ms >> (23 - i)) & 1 : (sumOf(ms) >> (31 - i)) & 1;
          pen.fillStyle = bit ? '#fff' : '#000';
          pen.fillRect((i * width) / BITS, height * 0.44, width / BITS, height * 0.12);
        }
        n++;
      };
      setInterval(draw, 1_000 / 30);
      draw();
      return canvas.captureStream(30).getVideoTracks()[0] as MediaStreamTrack;
    };
    window.nightjarReadClock = (video) => {
      const delays: (number | null)[] = [];
      let stopped = false;
      const pen = new OffscreenCanvas(BITS * 8, 1).getContext('2d', { willReadFrequently: true });
      const onFrame = (): void => {
        if (stopped || !pen) return;
        const now = Date.now() % 2 ** 24;
        pen.drawImage(video, 0, video.videoHeight * 0.5, video.videoWidth, 1, 0, 0, BITS * 8, 1);
        const pixels = pen.getImageData(0, 0, BITS * 8, 1).data;
        let ms = 0;
        let sum = 0;
        for (let i = 0; i < BITS; i++) {
          const at = (i * 8 + 4) * 4;
          const bit = (pixels[at] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0) > 384 ? 1 : 0;
          if (i < 24) ms = (ms << 1) | bit;
          else sum = (sum << 1) | bit;
        }
        delays.push(sum === sumOf(ms) ? (now - ms + 2 ** 24) % 2 ** 24 : null);
        video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
      return {
        stop() {
          stopped = true;
          return delays;
        },
      };
    };
  });
}

/** Reads the clock in the page's one video for so long. */
export async function readClock(page: Page, forMs: number): Promise<Delays> {
  const read = await page.evaluate(async (ms) => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const reading = window.nightjarReadClock(video);
    await new Promise((resolve) => setTimeout(resolve, ms));
    return { delays: reading.stop(), width: video.videoWidth, height: video.videoHeight };
  }, forMs);
  const delays = read.delays.filter((delay) => delay !== null).sort((a, b) => a - b);
  const { width, height } = read;
  return {
    frames: read.delays.length,
    unread: read.delays.length - delays.length,
    p50: quantile(delays, 0.5),
    p95: quantile(delays, 0.95),
    size: { width, height },
  };
}

export interface Delays {
  readonly frames: number;
  readonly unread: number;
  readonly p50: number;
  readonly p95: number;
  readonly size: Size;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
