import { until } from '../../lib/until.ts';
import type { BrowserPage, TestBrowser } from '../../pages/lib/browser.ts';

/** What is known of stopping, as the broadcaster reads it. */
export interface StudioWords {
  /** Of the stop bar. */
  readonly bar: string;
  /** Of the device's column. */
  readonly device: string;
  /** Names of the buttons that could be pressed. */
  readonly buttons: readonly string[];
}

const LOOK = `(() => {
  const text = (selector) => document.querySelector(selector)?.textContent ?? '';
  const buttons = [...document.querySelectorAll('button:not(:disabled)')].filter((one) => one.checkVisibility());
  return {
    bar: text('#stop-words'),
    device: text('[aria-label="Device and queue"]'),
    buttons: buttons.map((one) => one.textContent.trim()),
  };
})()`;

/** The studio with a show on, pressed and read as by a person; spoken to by DevTools, for it is hidden, stopped and crashed. */
export class LiveStudio {
  readonly #browser: TestBrowser;
  readonly #url: string;
  #page: BrowserPage;
  /** What the page's question is answered with, whether it may be left. */
  #onQuestion: (answer: (leave: boolean) => void) => void = (answer) => answer(true);

  private constructor(browser: TestBrowser, url: string, page: BrowserPage) {
    this.#browser = browser;
    this.#url = url;
    this.#page = page;
  }

  static async at(browser: TestBrowser, url: string): Promise<LiveStudio> {
    const studio = new LiveStudio(browser, url, await browser.pageAt(url));
    await studio.#says(studio.#page);
    return studio;
  }

  get page(): BrowserPage {
    return this.#page;
  }

  words(): Promise<StudioWords> {
    return this.#page.evaluate<StudioWords>(LOOK);
  }

  async pressStopBar(): Promise<void> {
    await this.#press(`document.querySelector('#stop button')`);
  }

  async escape(): Promise<void> {
    const key = { key: 'Escape', code: 'Escape', windowsVirtualKeyCode: 27 };
    const { session } = this.#page;
    await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  }

  /** As a person closes a tab: the page may ask, and is told yes. */
  async close(): Promise<void> {
    await this.#page.session.send('Page.close');
  }

  async leave(): Promise<void> {
    await this.#page.goTo('about:blank');
  }

  async reload(): Promise<void> {
    await this.#page.reload();
  }

  /** A slip of the hand: the browser asks whether it is meant, and nobody answers. @returns once asked; says no */
  async reloadUnanswered(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<() => void>();
    this.#onQuestion = (answer) => {
      this.#onQuestion = (next) => next(true);
      resolve(() => answer(false));
    };
    void this.#page.reload().catch(() => {});
    return promise;
  }

  /** Never answers. */
  crash(): void {
    void this.#page.session.send('Page.crash').catch(() => {});
  }

  /** SIGSTOP for every page of the browser. @returns lets them go on */
  async stopProcesses(): Promise<() => void> {
    const all = await this.#browser.renderers();
    for (const pid of all) process.kill(pid, 'SIGSTOP');
    return () => {
      for (const pid of all) process.kill(pid, 'SIGCONT');
    };
  }

  /** A new tab, after the one before has gone. */
  async openAgain(): Promise<void> {
    await this.#page.close().catch(() => {});
    this.#page = await this.#browser.newPage(this.#url);
    await this.#says(this.#page);
  }

  async goBack(): Promise<void> {
    // The stop was sent before the page had gone, and of two ways at once a browser takes either.
    await until('the page was left', () =>
      this.#page.evaluate<boolean>(`location.href === 'about:blank'`).catch(() => false),
    );
    await this.#page.goTo(this.#url);
  }

  /**
   * Until tips would move the device, and none does: takes the show up where that is asked, and arms where it is not armed.
   * @returns whether it had to be armed by hand
   */
  async untilArmed(): Promise<boolean> {
    let byHand = false;
    let seen: StudioWords | undefined;
    await until(
      'the studio is live and armed',
      async () => {
        seen = await this.words().catch(() => undefined);
        if (seen === undefined) return false;
        if (seen.buttons.includes('Take it up again')) await this.#pressNamed('Take it up again');
        else if (seen.buttons.includes('Arm')) byHand = (await this.#pressNamed('Arm')) || byHand;
        // By both: what stands here may be from before what has just happened.
        else return seen.device.includes('Tips move it.') && seen.bar.startsWith('Armed. Nothing moves');
        return false;
      },
      40_000,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; ${JSON.stringify(seen)}`);
    });
    return byHand;
  }

  async #says({ session }: BrowserPage): Promise<void> {
    session.on('Page.javascriptDialogOpening', () => {
      this.#onQuestion(
        (accept) => void session.send('Page.handleJavaScriptDialog', { accept }).catch(() => {}),
      );
    });
    await session.send('Page.enable');
  }

  /** Presses it once, and waits until it is something else: what comes in its place is not to be pressed. */
  async #pressNamed(name: string): Promise<boolean> {
    const named = `[...document.querySelectorAll('button:not(:disabled)')]
      .find((one) => one.textContent.trim() === ${JSON.stringify(name)} && one.checkVisibility())`;
    if (!(await this.#press(named))) return false;
    await until(`${name} was pressed`, async () => !(await this.#page.evaluate<boolean>(`!!${named}`)));
    return true;
  }

  /** A pointer's press in its middle. @returns whether there was something to press */
  async #press(element: string): Promise<boolean> {
    const at = await this.#page.evaluate<[number, number] | undefined>(`(() => {
      const element = ${element};
      if (!element) return undefined;
      element.scrollIntoView({ block: 'nearest' });
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x + width / 2, y + height / 2];
    })()`);
    if (!at) return false;
    const [x, y] = at;
    const { session } = this.#page;
    const press = { x, y, button: 'left', clickCount: 1 };
    await session.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...press });
    await session.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...press });
    return true;
  }
}
