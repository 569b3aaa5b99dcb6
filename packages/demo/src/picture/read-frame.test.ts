import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeCode, encodeCode } from './code.ts';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from './layout.ts';
import { Picture } from './picture.ts';
import { readFrame } from './read-frame.ts';

const NOW = { clockMs: 1_795_358_400_123, level: 637, status: 'SHORT BUZZ' };

function lumaOf(picture: Picture, now = NOW): Uint8Array {
  return picture.draw(now).slice(0, PICTURE_WIDTH * PICTURE_HEIGHT);
}

/** Every pixel becomes the mean of those around it, as a codec at a low rate does to edges. */
function blur(data: Uint8Array, reach: number): Uint8Array {
  return data.map((_, i) => {
    const x = i % PICTURE_WIDTH;
    let sum = 0;
    let count = 0;
    for (let dx = -reach; dx <= reach; dx += 1) {
      for (let dy = -reach; dy <= reach; dy += 1) {
        if (x + dx < 0 || x + dx >= PICTURE_WIDTH) continue;
        const value = data[i + dx + dy * PICTURE_WIDTH];
        if (value === undefined) continue;
        sum += value;
        count += 1;
      }
    }
    return sum / count;
  });
}

test('what was drawn is read back, frame after frame', () => {
  const picture = new Picture();
  for (let i = 0; i < 5; i += 1) {
    const now = { ...NOW, clockMs: NOW.clockMs + i * 33, level: i * 250 };
    const read = readFrame({ data: lumaOf(picture, now), width: PICTURE_WIDTH, height: PICTURE_HEIGHT });
    expect(read).toEqual({ clockMs: now.clockMs, level: now.level, count: i });
  }
});

test('blurred, dimmed and noisy', () => {
  let seed = 1;
  const noise = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return (seed / 2 ** 31 - 0.5) * 60;
  };
  const bad = blur(lumaOf(new Picture()), 3).map((value) =>
    Math.max(0, Math.min(255, 40 + value * 0.7 + noise())),
  );
  const read = readFrame({ data: bad, width: PICTURE_WIDTH, height: PICTURE_HEIGHT });
  expect(read).toMatchObject({ clockMs: NOW.clockMs, level: NOW.level });
});

test.each([2, 4])('at a size %i times smaller', (by) => {
  const luma = lumaOf(new Picture());
  const width = PICTURE_WIDTH / by;
  const height = PICTURE_HEIGHT / by;
  const small = Uint8Array.from({ length: width * height }, (_, i) => {
    const x = (i % width) * by;
    const y = Math.floor(i / width) * by;
    return luma[y * PICTURE_WIDTH + x] ?? 0;
  });
  expect(readFrame({ data: small, width, height })).toMatchObject({ level: NOW.level });
});

test('a picture of something else is not read', () => {
  for (const value of [0, 128, 255]) {
    const data = new Uint8Array(PICTURE_WIDTH * PICTURE_HEIGHT).fill(value);
    expect(readFrame({ data, width: PICTURE_WIDTH, height: PICTURE_HEIGHT })).toBeUndefined();
  }
});

test('one wrong cell, or two or three, are found', () => {
  const cell = fc.nat(95);
  fc.assert(
    fc.property(fc.nat(1000), fc.uniqueArray(cell, { minLength: 1, maxLength: 3 }), (level, wrong) => {
      const cells = encodeCode({ clockMs: NOW.clockMs, level, count: 7 });
      expect(decodeCode(cells)).toMatchObject({ level });
      for (const i of wrong) cells[i] = 1 - (cells[i] ?? 0);
      expect(decodeCode(cells)).toBeUndefined();
    }),
    { seed: 3 },
  );
});
