import { GLYPH_COLUMNS, GLYPH_ROWS, glyph } from './font.ts';

/** A colour as video has it (BT.601, limited range). */
export interface Colour {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** From 0xRRGGBB. */
export function colour(rgb: number): Colour {
  const r = (rgb >> 16) & 255;
  const g = (rgb >> 8) & 255;
  const b = rgb & 255;
  return {
    y: Math.round(16 + 0.257 * r + 0.504 * g + 0.098 * b),
    u: Math.round(128 - 0.148 * r - 0.291 * g + 0.439 * b),
    v: Math.round(128 + 0.439 * r - 0.368 * g - 0.071 * b),
  };
}

/**
 * A picture in I420: a plane of brightness, then two of colour at half the size. All places and sizes are even, so that a
 * pixel of colour belongs to one thing only.
 */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** The three planes, one behind the other, without padding. */
  readonly data: Uint8Array;
  readonly #u: Uint8Array;
  readonly #v: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    const pixels = width * height;
    this.data = new Uint8Array((pixels * 3) / 2);
    this.#u = this.data.subarray(pixels, (pixels * 5) / 4);
    this.#v = this.data.subarray((pixels * 5) / 4);
  }

  fill(x: number, y: number, width: number, height: number, { y: luma, u, v }: Colour): void {
    for (let row = y; row < y + height; row += 1) {
      const start = row * this.width + x;
      this.data.fill(luma, start, start + width);
    }
    const half = this.width / 2;
    for (let row = y / 2; row < (y + height) / 2; row += 1) {
      const start = row * half + x / 2;
      this.#u.fill(u, start, start + width / 2);
      this.#v.fill(v, start, start + width / 2);
    }
  }

  /** @param scale even; a letter is 6 by 7 times as large */
  text(text: string, x: number, y: number, scale: number, ink: Colour): void {
    for (let i = 0; i < text.length; i += 1) {
      const columns = glyph(text.charAt(i));
      for (let c = 0; c < columns.length; c += 1) {
        for (let r = 0; r < GLYPH_ROWS; r += 1) {
          if (((columns[c] ?? 0) >> r) & 1) {
            this.fill(x + (i * GLYPH_COLUMNS + c) * scale, y + r * scale, scale, scale, ink);
          }
        }
      }
    }
  }
}
