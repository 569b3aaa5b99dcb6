import type { Page } from 'playwright-core';
import { GAUGE } from '../../lib/gauge-camera.ts';

declare global {
  interface Window {
    /** What the page saw, in ms since 1970. */
    nightjarSeen: { clickedMs: number; gaugeMs: number; lastFrameMs: number; frames: number };
  }
}

/** A viewer's page, with eyes on its picture: when a button was pressed, when the gauge moved, when a frame last came. */
export class ViewerPage {
  readonly page: Page;
  /** LiveKit's access tokens, as the page showed them at the gate. */
  readonly grants: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('websocket', (socket) => {
      const url = new URL(socket.url());
      const grant = url.searchParams.get('access_token');
      if (url.pathname.startsWith('/rtc') && grant) this.grants.push(url.href);
    });
  }

  async open(url: string): Promise<void> {
    const { page } = this;
    await page.addInitScript((gauge) => {
      const seen = { clickedMs: 0, gaugeMs: 0, lastFrameMs: 0, frames: 0 };
      window.nightjarSeen = seen;
      addEventListener(
        'click',
        () => {
          seen.clickedMs = Date.now();
          seen.gaugeMs = 0;
        },
        { capture: true },
      );
      const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      const look = (): void => {
        const video = document.querySelector('video');
        if (!video || !pen) {
          requestAnimationFrame(look);
          return;
        }
        const onFrame = (): void => {
          seen.lastFrameMs = Date.now();
          seen.frames += 1;
          const x = (gauge.x + gauge.width / 2) * video.videoWidth;
          const y = (gauge.y + gauge.height / 2) * video.videoHeight;
          pen.drawImage(video, x, y, 1, 1, 0, 0, 1, 1);
          const [red = 0] = pen.getImageData(0, 0, 1, 1).data;
          if (red > 128 && seen.gaugeMs === 0) seen.gaugeMs = Date.now();
          video.requestVideoFrameCallback(onFrame);
        };
        video.requestVideoFrameCallback(onFrame);
      };
      look();
    }, GAUGE);
    await page.goto(url);
    await page.waitForFunction(() => window.nightjarSeen.frames > 0);
  }

  seen(): Promise<Window['nightjarSeen']> {
    return this.page.evaluate(() => window.nightjarSeen);
  }

  /** Play tokens, so that the next tip goes at once. */
  async getTokens(): Promise<void> {
    const { page } = this;
    await page.getByRole('button', { name: 'Get tokens' }).click();
    await page.getByRole('button', { name: '1,000', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }

  /** One press of an item of the menu. @returns the tip's id, once its line says how it ended */
  async tip(item: string): Promise<void> {
    const before = await this.page.locator('[data-tip]').count();
    await this.page.getByRole('button', { name: item }).click();
    await this.page.locator('[data-tip]').nth(before).waitFor();
  }

  async tipEnded(stage: string): Promise<void> {
    await this.page.locator(`[data-tip][data-stage="${stage}"]`).last().waitFor();
    await this.page.waitForFunction(
      (end) => [...document.querySelectorAll('[data-tip]')].at(-1)?.getAttribute('data-stage') === end,
      stage,
    );
  }

  async say(text: string): Promise<void> {
    const field = this.page.getByLabel('Say something to the room');
    await field.fill(text);
    await field.press('Enter');
  }

  /** Waits until the line can be read here. */
  async reads(text: string): Promise<void> {
    await this.page.locator('[data-line]', { hasText: text }).waitFor();
  }
}
