import path from 'node:path';
import { launchChromium } from '@nightjar/testkit/chromium';
import type { BrowserContext, Page } from 'playwright-core';
import { startPlatform } from '../../../scripts/lib/platform.ts';
import { row } from '../../lib/print.ts';
import { StudioPage } from '../../lib/studio-page.ts';
import { temporaryFolder } from '../../lib/temporary-folder.ts';
import { addClock, type Size } from './clock.ts';

export interface GlassPlatform extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly origin: string;
  /** The studio's camera is of this size from now on. @returns a viewer's page with its picture */
  show(what: { size: Size; sound: boolean }): Promise<Page>;
}

/** The platform with a studio that is live, in a browser whose camera is a clock. */
export async function openPlatform(signal: AbortSignal): Promise<GlassPlatform> {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder('glass'));
  const platform = stack.use(
    await startPlatform({
      state: path.join(home.path, 'state'),
      ports: 'free',
      edge: true,
      pages: true,
      onStep: (what, ms) => row(ms, what),
    }),
  );
  signal.addEventListener('abort', () => void platform[Symbol.asyncDispose]());
  const { context } = stack.use(await launchChromium());
  await addClock(context);
  await context.addInitScript(() => {
    const real = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
    if (!real) return;
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await real(constraints);
      if (stream.getVideoTracks().length === 0) return stream;
      // Each page of this browser is told by its address how large its camera is.
      const height = Number(localStorage.getItem('nightjar-clock-height') ?? 360);
      const track = window.nightjarClockCamera({ width: (height * 16) / 9, height });
      return new MediaStream([track, ...stream.getAudioTracks()]);
    };
  });
  const origin = platform.endpoints.edge ?? '';
  const studio = new StudioPage(await context.newPage());
  await studio.setUp({ origin, title: 'A clock', device: 'none' }, platform);
  const room = `${origin}${await studio.roomPath()}`;
  let live = false;
  const owned = stack.move();
  return {
    context,
    origin,
    async show({ size: { height }, sound }) {
      await studio.page.evaluate((h) => localStorage.setItem('nightjar-clock-height', `${h}`), height);
      if (live) await studio.endAndStartAgain();
      else {
        await studio.page.reload();
        await studio.goLive();
      }
      live = true;
      const viewer = await context.newPage();
      await viewer.goto(room);
      await viewer.waitForFunction((h) => document.querySelector('video')?.videoHeight === h, height, {
        timeout: 30_000,
      });
      if (sound) await viewer.getByRole('button', { name: 'Turn the sound on' }).click();
      return viewer;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
