import type { Locator, Page } from 'playwright-core';
import type { Step } from './steps.ts';

/** What a tutorial's reader needs beside a browser. */
export interface Ground {
  /** Where this installation is; a tutorial names the one that `scripts/start` opens. */
  readonly origin: string;
  /** Runs what the tutorial tells to run, with what is written on the screen in place of capitals. */
  run(command: string, page: Page): Promise<void>;
}

const PRINTED_ORIGIN = 'http://127.0.0.1:7800';
const WAIT_MS = 15_000;

/** Does one step as a reader would: by what is written on the screen, and by nothing else. */
export async function follow(page: Page, step: Step, ground: Ground): Promise<void> {
  switch (step.do) {
    case 'open':
      await page.goto(step.url.replace(PRINTED_ORIGIN, ground.origin));
      return;
    case 'press':
      await pressable(page, step.name).click({ timeout: WAIT_MS });
      return;
    case 'write': {
      const field = page.getByLabel(step.label).first();
      await field.fill(step.text, { timeout: WAIT_MS });
      if (step.enter) await field.press('Enter');
      return;
    }
    case 'choose':
      await page.getByLabel(step.label).selectOption({ label: step.option }, { timeout: WAIT_MS });
      return;
    case 'run':
      await ground.run(step.command, page);
      return;
    case 'see':
      await page.getByText(step.text).filter({ visible: true }).first().waitFor({ timeout: WAIT_MS });
  }
}

function pressable(page: Page, name: string): Locator {
  const roles = ['button', 'link', 'radio', 'switch', 'tab'] as const;
  // The whole name, or its beginning where more follows, such as a price.
  const pattern = new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
  return roles
    .map((role) => page.getByRole(role, { name: pattern }))
    .reduce((any, one) => any.or(one))
    .filter({ visible: true })
    .first();
}
