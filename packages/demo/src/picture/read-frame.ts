import { CODE_COLUMNS, CODE_ROWS, decodeCode, type FrameCode } from './code.ts';
import { CODE_CELL_HEIGHT, CODE_CELL_WIDTH, CODE_TOP, PICTURE_HEIGHT, PICTURE_WIDTH } from './layout.ts';

/** A plane of brightness, as I420 begins with: one byte a pixel, rows without padding. */
export interface LumaFrame {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const MIDDLE = 128;

/**
 * Reads clock and gauge back out of a received frame, of whatever size it arrives in.
 *
 * @returns undefined when they cannot be read for certain
 */
export function readFrame({ data, width, height }: LumaFrame): FrameCode | undefined {
  if (data.length < width * height) return undefined;
  const cells = new Uint8Array(CODE_COLUMNS * CODE_ROWS);
  const across = (CODE_CELL_WIDTH * width) / PICTURE_WIDTH;
  const down = (CODE_CELL_HEIGHT * height) / PICTURE_HEIGHT;
  const top = (CODE_TOP * height) / PICTURE_HEIGHT;
  for (let i = 0; i < cells.length; i += 1) {
    const x = (i % CODE_COLUMNS) * across;
    const y = top + Math.floor(i / CODE_COLUMNS) * down;
    // A codec blurs the edges of a cell into its neighbours: only the middle half counts.
    const mean = meanOf(data, width, x + across / 4, y + down / 4, across / 2, down / 2);
    cells[i] = mean > MIDDLE ? 1 : 0;
  }
  return decodeCode(cells);
}

function meanOf(
  data: Uint8Array,
  stride: number,
  x: number,
  y: number,
  width: number,
  height: number,
): number {
  const left = Math.floor(x);
  const right = Math.max(left + 1, Math.floor(x + width));
  const top = Math.floor(y);
  const bottom = Math.max(top + 1, Math.floor(y + height));
  let sum = 0;
  for (let row = top; row < bottom; row += 1) {
    for (let column = left; column < right; column += 1) sum += data[row * stride + column] ?? 0;
  }
  return sum / ((right - left) * (bottom - top));
}
