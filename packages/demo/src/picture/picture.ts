import { Canvas, colour } from './canvas.ts';
import { CODE_COLUMNS, encodeCode } from './code.ts';
import { GLYPH_COLUMNS } from './font.ts';
import { CODE_CELL_HEIGHT, CODE_CELL_WIDTH, CODE_TOP, PICTURE_HEIGHT, PICTURE_WIDTH } from './layout.ts';

// Dusk: quiet blue-grey grounds, warm ivory words, and tide for what a device does.
const GROUND = colour(0x141b26);
const PANEL = colour(0x1e2836);
const IVORY = colour(0xf1e9d8);
const FAINT = colour(0x8a93a3);
const TIDE = colour(0x3fb6b0);
const BLACK = colour(0x000000);
const WHITE = colour(0xffffff);

const LEFT = 24;
const INNER = PICTURE_WIDTH - 2 * LEFT;
const GAUGE = { top: 160, height: 24 } as const;
const TRACE = { top: 200, height: 84, step: 2 } as const;
const CLOCK = { top: 56, scale: 8 } as const;
const STATUS_CHARS_MAX = 24;

export interface PictureNow {
  /** ms since 1970 */
  readonly clockMs: number;
  /** What the device does, 0 to 1000. */
  readonly level: number;
  /** A few words on what runs. */
  readonly status: string;
}

/** The demo's picture: a clock, a gauge, a trace of the last seconds, and the same once more for machines. */
export class Picture {
  readonly #canvas = new Canvas(PICTURE_WIDTH, PICTURE_HEIGHT);
  readonly #trace = new Uint16Array(INNER / TRACE.step);
  #count = 0;
  #status = '';

  constructor() {
    const { width, height } = this.#canvas;
    this.#canvas.fill(0, 0, width, height, GROUND);
    this.#canvas.text('NIGHTJAR DEMO', LEFT, 20, 2, FAINT);
    this.#canvas.text('THE DEVICE NOW', LEFT, 136, 2, FAINT);
  }

  /** I420, 640 by 360. The same bytes each time: hand them on before the next frame. */
  draw({ clockMs, level, status }: PictureNow): Uint8Array {
    this.#drawStatus(status);
    this.#drawClock(clockMs);
    this.#drawGauge(level);
    this.#drawTrace(level);
    this.#drawCode(encodeCode({ clockMs, level, count: this.#count }));
    this.#count += 1;
    return this.#canvas.data;
  }

  /** The last frame; the same bytes as `draw` gave. */
  get last(): Uint8Array {
    return this.#canvas.data;
  }

  #drawStatus(status: string): void {
    if (status === this.#status) return;
    this.#status = status;
    const width = STATUS_CHARS_MAX * GLYPH_COLUMNS * 2;
    this.#canvas.fill(LEFT + INNER - width, 20, width, 16, GROUND);
    this.#right(status.slice(0, STATUS_CHARS_MAX), 20, IVORY);
  }

  #drawClock(clockMs: number): void {
    const text = new Date(clockMs).toISOString().slice(11, 23);
    const { top, scale } = CLOCK;
    const width = text.length * GLYPH_COLUMNS * scale;
    const left = (PICTURE_WIDTH - width) / 2;
    this.#canvas.fill(left, top, width, 7 * scale, GROUND);
    this.#canvas.text(text, left, top, scale, IVORY);
  }

  #drawGauge(level: number): void {
    const filled = 2 * Math.round((level / 1000) * (INNER / 2));
    this.#canvas.fill(LEFT, GAUGE.top, filled, GAUGE.height, TIDE);
    this.#canvas.fill(LEFT + filled, GAUGE.top, INNER - filled, GAUGE.height, PANEL);
    this.#canvas.fill(LEFT + INNER - 60, 136, 60, 14, GROUND);
    this.#right(`${Math.round(level / 10)} %`, 136, IVORY);
  }

  #drawTrace(level: number): void {
    this.#trace.copyWithin(0, 1);
    this.#trace[this.#trace.length - 1] = level;
    const { top, height, step } = TRACE;
    this.#canvas.fill(LEFT, top, INNER, height, PANEL);
    this.#trace.forEach((then, i) => {
      const high = 2 * Math.round((then / 1000) * (height / 2));
      if (high > 0) this.#canvas.fill(LEFT + i * step, top + height - high, step, high, TIDE);
    });
  }

  #drawCode(cells: Uint8Array): void {
    cells.forEach((bit, i) => {
      const x = (i % CODE_COLUMNS) * CODE_CELL_WIDTH;
      const y = CODE_TOP + Math.floor(i / CODE_COLUMNS) * CODE_CELL_HEIGHT;
      this.#canvas.fill(x, y, CODE_CELL_WIDTH, CODE_CELL_HEIGHT, bit ? WHITE : BLACK);
    });
  }

  #right(text: string, top: number, ink: typeof IVORY): void {
    this.#canvas.text(text, LEFT + INNER - text.length * GLYPH_COLUMNS * 2, top, 2, ink);
  }
}
