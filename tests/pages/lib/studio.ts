import { until } from '../../lib/until.ts';
import type { Seen } from './bridge-ground.ts';
import type { BrowserPage, TestBrowser } from './browser.ts';

/** A page with a bridge in it, and what may happen to it. */
export class Studio implements AsyncDisposable {
  readonly page: BrowserPage;
  readonly #browser: TestBrowser;
  readonly #roomId: string;
  readonly #engineUrl: string;
  /** Lets go on what was frozen or stopped. */
  thaw = () => {};

  constructor(browser: TestBrowser, page: BrowserPage, roomId: string, engineUrl: string) {
    this.page = page;
    this.#browser = browser;
    this.#roomId = roomId;
    this.#engineUrl = engineUrl;
  }

  state(): Promise<Seen> {
    return this.page.evaluate<Seen>('JSON.parse(JSON.stringify(bridge.state.current))');
  }

  /** @returns the state for which it held */
  async until(what: string, holds: (seen: Seen) => boolean, withinMs = 15_000): Promise<Seen> {
    let seen: Seen | undefined;
    await until(
      what,
      async () => {
        seen = await this.state();
        return holds(seen);
      },
      withinMs,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; ${JSON.stringify(seen)}`);
    });
    if (seen === undefined) throw new Error(what);
    return seen;
  }

  /** Asks for the bridge to be started. */
  async begin(): Promise<void> {
    await untilReady(this.page);
    await this.page.evaluate(`globalThis.bridge ??= new PageBridge({ roomId: '${this.#roomId}' });
      bridge.start({ driver: 'intiface', url: '${this.#engineUrl}' })`);
  }

  async start(): Promise<void> {
    await this.begin();
    await this.until(
      'the bridge runs',
      ({ phase, server }) => phase === 'running' && server?.phase === 'live',
    );
  }

  /** After a way back: the browser may have kept the page with its bridge, or loads it anew. */
  async comeBack(): Promise<void> {
    await untilReady(this.page);
    if (!(await this.page.evaluate<boolean>('"bridge" in globalThis'))) await this.begin();
    await this.until('the bridge is there again', ({ view }) => view?.server === 'up');
  }

  /** A person's hand; resolves when the bridge is armed and permitted. */
  async arm(): Promise<void> {
    await this.page.evaluate('bridge.arm()');
    await this.until('it is armed', ({ view }) => view?.arm.phase === 'armed' && view.permit);
  }

  /** Another tab comes to the front. */
  async hide(): Promise<void> {
    await this.#browser.newPage('about:blank');
    await until('the tab is hidden', () => this.page.evaluate<boolean>('document.hidden'));
  }

  /** The page's own timers hardly come any more, as after minutes of being hidden. */
  async untilThrottled(): Promise<void> {
    await this.page.evaluate('globalThis.ticks = []; setInterval(() => ticks.push(performance.now()), 100)');
    await until('its timers hardly come', () =>
      this.page.evaluate<boolean>('performance.now() - (ticks.at(-1) ?? Infinity) > 5_000'),
    );
  }

  crash(): void {
    // It never answers.
    void this.page.session.send('Page.crash').catch(() => {});
  }

  /** As browsers do with tabs that are hidden for long. */
  async freeze(): Promise<void> {
    await this.hide();
    const { session } = this.page;
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    this.thaw = () => void session.send('Page.setWebLifecycleState', { state: 'active' }).catch(() => {});
  }

  /** SIGSTOP for every renderer. */
  async stopProcess(): Promise<void> {
    const all = await this.#browser.renderers();
    for (const pid of all) process.kill(pid, 'SIGSTOP');
    this.thaw = () => {
      for (const pid of all) process.kill(pid, 'SIGCONT');
    };
  }

  /** The Worker does nothing else any more. */
  async hangWorker(): Promise<void> {
    const workers = await this.page.session.workers();
    await until('there is a Worker', () => workers.length > 0);
    const [worker] = workers;
    if (worker === undefined) throw new Error('there is no Worker');
    // In a task of the Worker's own: what the debugger runs does not end with it.
    await worker.evaluate('void setTimeout(() => { for (;;); })');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.thaw();
    // It may be closed already.
    await this.page.close().catch(() => {});
  }
}

/** While a page is on its way there is nothing in it to ask. */
export async function untilReady(page: BrowserPage): Promise<void> {
  await until('the page is there', () =>
    page.evaluate<string>('document.title').then(
      (title) => title === 'ready',
      () => false,
    ),
  );
}
