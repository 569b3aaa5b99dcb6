import type { BridgeState } from '../../bridge/bridge-state.ts';
import type { Readable } from '../../lib/store.ts';
import { watchPads } from './game-pad.ts';
import { stopWords } from './stop-words.ts';

/** What the bar stops. `panic` writes stops at once and waits for nothing. */
export interface StopTarget {
  panic(): void;
  readonly state: Readable<BridgeState>;
}

/** How often its words are looked at again while time itself changes them. */
const WORDS_EVERY_MS = 1_000;

/**
 * The stop bar: plain DOM that stands in the page before any script has run, and needs nothing of the rest. The bar,
 * Esc anywhere and any of the four face buttons of a game pad do the same, on the way down and not on the way up.
 */
export class StopBar {
  readonly #bar: HTMLElement;
  readonly #words: HTMLElement;
  /** For screen readers: only what is new, and not each second that goes by. */
  readonly #told: HTMLElement;
  #target: StopTarget | undefined;
  #off = (): void => {};
  #pressedWall: number | undefined;

  constructor(bar: HTMLElement) {
    this.#bar = bar;
    this.#words = bar.querySelector('[data-words]') as HTMLElement;
    this.#told = bar.querySelector('[data-told]') as HTMLElement;
    const button = bar.querySelector('button') as HTMLButtonElement;
    button.addEventListener('pointerdown', () => this.stop());
    // Enter, space and what screen readers do come as a click; after a press it is only the same stop once more.
    button.addEventListener('click', () => this.stop());
    // On the way down to whatever has the focus: no field, menu or question can keep it.
    window.addEventListener('keydown', (event) => event.key === 'Escape' && this.stop(), { capture: true });
    watchPads(window, () => this.stop());
    setInterval(() => this.#say(), WORDS_EVERY_MS);
    this.#say();
  }

  /** From now on this is what it stops. */
  attach(target: StopTarget): void {
    this.#off();
    this.#target = target;
    this.#off = target.state.subscribe(() => this.#say());
    this.#say();
  }

  stop(): void {
    this.#target?.panic();
    this.#pressedWall = Date.now();
    this.#say();
    this.#bar.dataset.pressed = '';
    setTimeout(() => delete this.#bar.dataset.pressed, 160);
  }

  #say(): void {
    const { text, tone } = stopWords(this.#target?.state.current, Date.now(), this.#pressedWall);
    this.#bar.dataset.tone = tone;
    if (this.#words.textContent === text) return;
    this.#words.textContent = text;
    if (withoutFigures(this.#told.textContent) !== withoutFigures(text)) this.#told.textContent = text;
  }
}

function withoutFigures(text: string | null): string {
  return (text ?? '').replaceAll(/\d+/g, '');
}
