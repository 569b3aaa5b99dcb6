import type { Locator, Page } from 'playwright-core';
import { until } from '../lib/until.ts';
import type { Step, Window } from './steps.ts';
import type { Terminal } from './terminal.ts';

/** What a tutorial names, and this run has elsewhere. */
export const PRINTED = { origin: 'http://127.0.0.1:7800', folder: '/tmp/my-bot' } as const;

/** What a tutorial's reader has. */
export interface Ground {
  /** Where this installation is. */
  readonly origin: string;
  /** Where the reader keeps a program of their own. */
  readonly folder: string;
  readonly terminal: Terminal;
  /** Opens a window, in a browser that knows nobody. */
  openWindow(): Promise<Page>;
}

/** As long as somebody would wait; looking for a device and coming in are in it. */
const WAIT_MS = 20_000;

/** Somebody who does what a tutorial says, by what is written on the screen and by nothing else. */
export class Reader {
  readonly #ground: Ground;
  readonly #windows = new Map<Window, Page>();
  #at: Window = 'first';

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  async follow(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      try {
        await this.#do(step);
      } catch (error) {
        throw new Error(`${JSON.stringify(step)}: ${(error as Error).message}`, { cause: error });
      }
    }
  }

  async #do(step: Step): Promise<void> {
    const { terminal, folder } = this.#ground;
    switch (step.do) {
      case 'open':
        await (await this.#page()).goto(this.#here(step.url));
        return;
      case 'open-privately': {
        const link = (await this.#page()).getByRole('link', { name: beginning(step.link) });
        const href = await link.getAttribute('href', { timeout: WAIT_MS });
        this.#at = 'private';
        await (await this.#page()).goto(new URL(href ?? '', this.#ground.origin).href);
        return;
      }
      case 'go':
        this.#at = step.window;
        await (await this.#page()).bringToFront();
        return;
      case 'press':
        await pressable(await this.#page(), step.name).click({ timeout: WAIT_MS });
        return;
      case 'press-key':
        await (await this.#page()).keyboard.press(step.key === 'Esc' ? 'Escape' : step.key);
        return;
      case 'write': {
        const field = (await this.#page()).getByLabel(step.label, { exact: true });
        await field.fill(step.text, { timeout: WAIT_MS });
        if (step.enter) await field.press('Enter');
        return;
      }
      case 'choose':
        await (await this.#page())
          .getByRole('radio', { name: beginning(step.option) })
          .check({ timeout: WAIT_MS });
        return;
      case 'see':
        await text(await this.#page(), step.text).waitFor({ timeout: WAIT_MS });
        return;
      case 'tip-says': {
        const own = (await this.#page())
          .locator('[data-tip]')
          .filter({ has: (await this.#page()).getByText('You', { exact: true }) });
        await text(own.last(), step.text).waitFor({ timeout: WAIT_MS });
        return;
      }
      case 'run-copied': {
        const copied = await (await this.#page()).evaluate(() => navigator.clipboard.readText());
        if (copied === '') throw new Error('nothing was copied');
        await terminal.run(copied);
        return;
      }
      case 'run':
        if (step.stays) await terminal.start(this.#here(step.script));
        else await terminal.run(this.#here(step.script));
        return;
      case 'file':
        await terminal.write(step.file.replace(PRINTED.folder, folder), this.#here(step.text));
        return;
      case 'prints': {
        const said = step.who === 'it' ? () => terminal.printed : () => terminal.stillRuns();
        await until(`it prints ${step.text}`, () => said().includes(step.text), WAIT_MS).catch((error) => {
          throw new Error(`${(error as Error).message}; it printed:\n${said()}`);
        });
      }
    }
  }

  async #page(): Promise<Page> {
    const page = this.#windows.get(this.#at) ?? (await this.#ground.openWindow());
    this.#windows.set(this.#at, page);
    return page;
  }

  #here(printed: string): string {
    const { origin, folder } = this.#ground;
    return printed.replaceAll(PRINTED.origin, origin).replaceAll(PRINTED.folder, folder);
  }
}

function pressable(page: Page, name: string): Locator {
  const roles = ['button', 'link', 'switch', 'tab'] as const;
  return (
    roles
      // The whole name, or its beginning where more follows, such as a price.
      .map((role) => page.getByRole(role, { name: beginning(name) }))
      .reduce((any, one) => any.or(one))
      .filter({ visible: true })
      // What was opened last lies over what has a button of the same name, and comes after it.
      .last()
  );
}

/** What stands there, word for word; after an … at the end more may follow. */
function text(within: Page | Locator, written: string): Locator {
  const found = written.endsWith(' …')
    ? within.getByText(beginning(written.slice(0, -2)))
    : within.getByText(written, { exact: true });
  return found.filter({ visible: true }).first();
}

function beginning(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\p{L})`, 'u');
}
