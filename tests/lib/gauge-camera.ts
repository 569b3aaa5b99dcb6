import type { BrowserContext } from 'playwright-core';

/** Where the gauge is in the picture, as shares of its width and height. */
export const GAUGE = { x: 0.1, y: 0.7, width: 0.8, height: 0.2 } as const;

declare global {
  interface Window {
    /** 0 to 1: what the camera sees of the device now. */
    nightjarGauge: number;
  }
}

/**
 * A camera that looks at a device, which Chromium's own fake camera does not: pages of this context get a drawn picture
 * with a gauge where they ask for a camera. Microphones stay those of Chromium.
 */
export async function lookAtDevice(context: BrowserContext): Promise<void> {
  await context.addInitScript((gauge) => {
    window.nightjarGauge = 0;
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await real(constraints);
      const [camera] = stream.getVideoTracks();
      if (!camera) return stream;
      const canvas = document.createElement('canvas');
      canvas.width = 1280;
      canvas.height = 720;
      const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
      let n = 0;
      const draw = (): void => {
        n += 1;
        pen.fillStyle = '#223';
        pen.fillRect(0, 0, 1280, 720);
        // Something that moves, so that the encoder has work.
        pen.fillStyle = `hsl(${(n * 4) % 360} 60% 50%)`;
        pen.fillRect((n * 7) % 1180, 60 + ((n * 5) % 300), 100, 100);
        pen.fillStyle = window.nightjarGauge > 0 ? '#fff' : '#000';
        pen.fillRect(gauge.x * 1280, gauge.y * 720, gauge.width * 1280, gauge.height * 720);
      };
      draw();
      const timer = setInterval(draw, 1000 / 30);
      const [drawn] = canvas.captureStream(30).getVideoTracks() as [MediaStreamTrack];
      const stop = drawn.stop.bind(drawn);
      drawn.stop = () => {
        clearInterval(timer);
        camera.stop();
        stop();
      };
      drawn.getSettings = () => ({ ...camera.getSettings(), width: 1280, height: 720 });
      return new MediaStream([drawn, ...stream.getAudioTracks()]);
    };
  }, GAUGE);
}
