import { stat } from 'node:fs/promises';
import path from 'node:path';
import { launchChromium } from '@nightjar/testkit/chromium';
import { root } from '../../../scripts/lib/root.ts';
import { row } from '../../lib/print.ts';

export interface ColdLoad {
  /** From the start of the navigation to the first frame that was shown. */
  readonly firstFrameMs: number;
  /** Of all scripts that came before it, in bytes, by gzip. */
  readonly scriptBytes: number;
  /** Every host that the page asked, by whatever protocol. */
  readonly hosts: ReadonlySet<string>;
}

declare global {
  interface Window {
    nightjarFirstFrame: Promise<number>;
  }
}

/** Opens a room in a browser that was never anywhere, and waits for its picture. */
export async function loadCold(url: string): Promise<ColdLoad> {
  await using chromium = await launchChromium();
  const { context } = chromium;
  const hosts = new Set<string>();
  context.on('request', (request) => hosts.add(new URL(request.url()).host));
  const page = await context.newPage();
  page.on('websocket', (socket) => hosts.add(new URL(socket.url()).host));
  await page.addInitScript(() => {
    window.nightjarFirstFrame = new Promise((resolve) => {
      const look = (): void => {
        const video = document.querySelector('video');
        if (video) video.requestVideoFrameCallback((now) => resolve(now));
        else requestAnimationFrame(look);
      };
      look();
    });
  });
  await page.goto(url, { waitUntil: 'commit' });
  const { firstFrameMs, scripts } = await page.evaluate(async () => {
    const firstFrameMs = await window.nightjarFirstFrame;
    const scripts = performance
      .getEntriesByType('resource')
      .filter((entry) => entry.name.endsWith('.js') && entry.startTime < firstFrameMs)
      .map(({ name }) => new URL(name).pathname);
    return { firstFrameMs, scripts };
  });
  const sizes = await Promise.all(
    scripts.map(async (name) => (await stat(path.join(root, 'services/web/dist/pages', `${name}.gz`))).size),
  );
  const scriptBytes = sizes.reduce((sum, size) => sum + size, 0);
  row(
    firstFrameMs,
    `first frame; ${scripts.length} scripts, ${Math.round(scriptBytes / 1024)} KiB before it`,
  );
  return { firstFrameMs, scriptBytes, hosts };
}
