import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, type CDPSession, chromium } from 'playwright-core';
import { findEngine } from './servers/engines.ts';

export interface ChromiumOptions {
  /** In CSS pixels; 1440×900 unless given. */
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';
  /** What pages may do without asking, as Playwright names it: `clipboard-read`, `local-network-access`. */
  readonly permissions?: readonly string[];
  /** Whether camera and microphone, which are not real, are given without asking (the default), or refused. */
  readonly media?: 'given' | 'refused';
  /** Whether pages in the background are slowed down, as they are for people. */
  readonly throttled?: boolean;
  readonly locale?: string;
  /** More of its own switches. */
  readonly args?: readonly string[];
}

export interface Chromium extends AsyncDisposable {
  readonly context: BrowserContext;
  /** The browser's own DevTools session. */
  devTools(): Promise<CDPSession>;
}

const QUIET = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const MEDIA = [
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=document-user-activation-required',
  // Pages and LiveKit are on one machine, and none of it on a network.
  '--allow-loopback-in-peer-connection',
];
/** Playwright keeps hidden pages awake, which a browser does not. */
const AWAKE = [
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
];

/** A Chromium without a window, with a throw-away profile, a camera that is not there, and nothing to say to anybody else. */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Chromium> {
  const { program } = await findEngine('chromium');
  await using stack = new AsyncDisposableStack();
  const profile = await mkdtemp(path.join(tmpdir(), 'nightjar-chromium-'));
  stack.defer(() => rm(profile, { recursive: true, force: true, maxRetries: 3 }));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: program,
    headless: true,
    // Root has none.
    chromiumSandbox: process.getuid?.() !== 0,
    // Its own --headless would be the old mode for a distribution's Chromium.
    ignoreDefaultArgs: ['--headless', ...(options.throttled ? AWAKE : [])],
    args: [
      '--headless=new',
      ...QUIET,
      ...MEDIA,
      ...(options.media === 'refused' ? ['--deny-permission-prompts'] : ['--use-fake-ui-for-media-stream']),
      ...(options.args ?? []),
    ],
    viewport: options.viewport ?? { width: 1_440, height: 900 },
    ...(options.colorScheme ? { colorScheme: options.colorScheme } : {}),
    ...(options.reducedMotion ? { reducedMotion: options.reducedMotion } : {}),
    ...(options.locale ? { locale: options.locale } : {}),
    ...(options.permissions ? { permissions: [...options.permissions] } : {}),
  });
  stack.defer(() => context.close());
  const owned = stack.move();
  return {
    context,
    async devTools() {
      const browser = context.browser();
      if (!browser) throw new Error('the browser has gone');
      return await browser.newBrowserCDPSession();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
