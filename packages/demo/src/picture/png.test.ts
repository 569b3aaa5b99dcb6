import { inflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from './layout.ts';
import { Picture } from './picture.ts';
import { toPng } from './png.ts';

/** What rooms takes; its STILL_BYTES_MAX. */
const STILL_BYTES_MAX = 96 * 1_024;

test('the demo’s still is a PNG with the picture’s colours, small enough for rooms', async () => {
  const data = new Picture().draw({ clockMs: Date.UTC(2026, 0, 1), level: 700, status: 'RUNNING' });
  const png = Buffer.from(await toPng(data, PICTURE_WIDTH, PICTURE_HEIGHT));
  expect(png.length).toBeLessThan(STILL_BYTES_MAX);
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([PICTURE_WIDTH, PICTURE_HEIGHT]);
  const length = png.readUInt32BE(33);
  expect(png.subarray(37, 41).toString('latin1')).toBe('IDAT');
  const rows = inflateSync(png.subarray(41, 41 + length));
  expect(rows.length).toBe(PICTURE_HEIGHT * (1 + PICTURE_WIDTH * 3));
  // The ground, 0x141b26, as near as video comes to it.
  const [red = 0, green = 0, blue = 0] = rows.subarray(1, 4);
  for (const [is, was] of [
    [red, 0x14],
    [green, 0x1b],
    [blue, 0x26],
  ] as const)
    expect(Math.abs(is - was)).toBeLessThanOrEqual(3);
});
