import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findEngine } from '@nightjar/testkit/servers/engines';
import { temporaryFolder } from '../../lib/temporary-folder.ts';
import { DevTools, type DevToolsSession } from './dev-tools.ts';

const FLAGS = [
  ...['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  ...['--remote-debugging-port=0', '--window-size=1280,720'],
];

export interface TestBrowser extends AsyncDisposable {
  readonly tools: DevTools;
  /** Where its DevTools are, for others who speak to it for a while. */
  readonly address: string;
  newPage(url: string): Promise<BrowserPage>;
  /** A page that somebody else opened. */
  pageAt(url: string): Promise<BrowserPage>;
  /** Process ids of all renderers. */
  renderers(): Promise<number[]>;
}

/**
 * A Chromium with a throw-away profile, spoken to by its DevTools protocol alone: Playwright lets every page believe that
 * it is looked at, and what becomes of pages that nobody looks at is to be seen here.
 */
export async function startBrowser(args: readonly string[] = []): Promise<TestBrowser> {
  await using stack = new AsyncDisposableStack();
  const profile = stack.use(await temporaryFolder('chromium'));
  const { program } = await findEngine('chromium');
  const child = spawn(program, [...FLAGS, `--user-data-dir=${profile.path}`, ...args, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  stack.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const address = await addressOf(child);
  const tools = stack.use(await DevTools.connect(address));
  const attach = async (targetId: string) => new BrowserPage(tools, targetId, await tools.attach(targetId));
  const owned = stack.move();
  return {
    tools,
    address,
    async newPage(url) {
      const { targetId } = await tools.send<{ targetId: string }>('Target.createTarget', { url });
      return await attach(targetId);
    },
    async pageAt(url) {
      const { targetInfos } = await tools.send<{ targetInfos: { targetId: string; url: string }[] }>(
        'Target.getTargets',
      );
      const found = targetInfos.find((target) => target.url === url);
      if (found === undefined) throw new Error(`no page is at ${url}`);
      return await attach(found.targetId);
    },
    async renderers() {
      const { processInfo } = await tools.send<{ processInfo: { type: string; id: number }[] }>(
        'SystemInfo.getProcessInfo',
      );
      return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('the browser says nothing');
  const lines: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    const address = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1];
    // It goes on to speak, and somebody has to listen.
    if (address !== undefined) {
      stderr.resume();
      return address;
    }
    lines.push(line);
  }
  throw new Error(`the browser did not start:\n${lines.join('\n')}`);
}

export class BrowserPage {
  readonly #tools: DevTools;
  readonly #targetId: string;
  readonly session: DevToolsSession;

  constructor(tools: DevTools, targetId: string, session: DevToolsSession) {
    this.#tools = tools;
    this.#targetId = targetId;
    this.session = session;
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.session.evaluate<T>(expression);
  }

  async reload(): Promise<void> {
    await this.session.send('Page.reload');
  }

  async goTo(url: string): Promise<void> {
    await this.session.send('Page.navigate', { url });
  }

  async goBack(): Promise<void> {
    const { currentIndex, entries } = await this.session.send<{
      currentIndex: number;
      entries: { id: number }[];
    }>('Page.getNavigationHistory');
    await this.session.send('Page.navigateToHistoryEntry', { entryId: entries[currentIndex - 1]?.id });
  }

  /** Comes to the front of its window. */
  async show(): Promise<void> {
    await this.#tools.send('Target.activateTarget', { targetId: this.#targetId });
  }

  /** Whatever the page says to that. */
  async close(): Promise<void> {
    await this.#tools.send('Target.closeTarget', { targetId: this.#targetId });
  }
}
