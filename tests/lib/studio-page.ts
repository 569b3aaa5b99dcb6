import type { Page } from 'playwright-core';

/** What the operator does for somebody who wants to go live. */
export interface Operator {
  operator(...args: string[]): Promise<string>;
}

export interface StudioWish {
  readonly origin: string;
  readonly title: string;
  /** The simulated one, an Intiface engine's address, or none. */
  readonly device: 'none' | 'simulated' | { readonly url: string };
}

/** Longer than anything that a person would wait for. */
const STEP_MS_MAX = 20_000;

/** The studio as a broadcaster goes through it, by what is written on the screen. */
export class StudioPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(STEP_MS_MAX);
  }

  /** A first visit: the operator lets them in, a room is made, the five steps are walked. Ends in the preview. */
  async setUp({ origin, title, device }: StudioWish, { operator }: Operator): Promise<void> {
    const { page } = this;
    await page.goto(`${origin}/studio`);
    const command = await page.locator('code').textContent();
    const publicKey = command?.split(' ').at(-1) ?? '';
    await operator('broadcaster', 'add', '--public-key', publicKey);
    await this.press('Look again');
    await page.getByLabel('What is it called?').fill(title);
    await this.press('Make my room');
    await this.#step('Camera and sound');
    await this.#step('Connection');
    await page.getByRole('heading', { name: 'Device', level: 1 }).waitFor();
    if (device === 'none') await page.getByRole('radio', { name: /^None/ }).check();
    if (device === 'simulated') {
      await page.getByRole('radio', { name: /^A simulated one/ }).check();
      await this.press('Look for it');
    }
    if (typeof device === 'object') {
      await page.getByRole('radio', { name: /^On this computer/ }).check();
      await page.getByLabel('Its address').fill(device.url);
      await this.press('Connect');
      await this.press('Look for it');
    }
    await this.#step('Device');
    await this.#step('Limits');
    await this.#step('Who may see you');
    await page.getByRole('button', { name: 'Go live' }).waitFor();
  }

  async goLive(): Promise<void> {
    await this.press('Go live');
    await this.page.getByRole('heading', { name: 'You are live' }).waitFor();
  }

  /** Ends the show and goes live anew, with whatever the camera is by then. */
  async endAndStartAgain(): Promise<void> {
    await this.end();
    await this.page.reload();
    await this.goLive();
  }

  async end(): Promise<void> {
    await this.press('End the show');
    // The question over it has a button of the same name.
    await this.page.getByRole('button', { name: 'End the show' }).last().click();
    await this.page.getByRole('heading', { name: 'You are live' }).waitFor({ state: 'hidden' });
  }

  /** Lets tips move the device. */
  async arm(): Promise<void> {
    await this.press('Arm');
    await this.page.getByRole('button', { name: 'Disarm' }).waitFor();
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  /** The room's address, as viewers open it; the preview names it. */
  async roomPath(): Promise<string> {
    const href = await this.page.locator('a[href^="/r/"]').first().getAttribute('href');
    if (!href) throw new Error('the studio names no room');
    return href;
  }

  async #step(title: string): Promise<void> {
    await this.page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await this.page.getByRole('button', { name: /^Continue/ }).click();
  }
}
