import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
/** 8 bits a channel, RGB, not interlaced. */
const FORMAT = [8, 2, 0, 0, 0];
const CHANNELS = 3;
/** Rows between two turns of the event loop. */
const ROWS_AT_ONCE = 8;

const deflated = promisify(deflate);
const { max, min, round } = Math;

/**
 * A picture in I420 (BT.601, limited range) as a PNG file, for where no video goes. In small steps: a bridge shares this
 * process, and a device must not wait for a picture.
 */
export async function toPng(
  i420: Uint8Array,
  width: number,
  height: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(FORMAT, 8);
  const rows = await deflated(await toRows(i420, width, height), { level: 9 });
  const parts = [SIGNATURE, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat(parts));
}

/** Each row behind its filter's number, which is none: what the demo draws is flat. */
async function toRows(i420: Uint8Array, width: number, height: number): Promise<Buffer> {
  const pixels = width * height;
  const rows = Buffer.alloc(height * (1 + width * CHANNELS));
  for (let y = 0; y < height; y += 1) {
    if (y % ROWS_AT_ONCE === 0) await nextTurn();
    for (let x = 0; x < width; x += 1) {
      const colour = (y >> 1) * (width / 2) + (x >> 1);
      const luma = 1.164 * ((i420[y * width + x] ?? 0) - 16);
      const u = (i420[pixels + colour] ?? 0) - 128;
      const v = (i420[(pixels * 5) / 4 + colour] ?? 0) - 128;
      const at = y * (1 + width * CHANNELS) + 1 + x * CHANNELS;
      rows[at] = toByte(luma + 1.596 * v);
      rows[at + 1] = toByte(luma - 0.392 * u - 0.813 * v);
      rows[at + 2] = toByte(luma + 2.017 * u);
    }
  }
  return rows;
}

function toByte(value: number): number {
  return min(255, max(0, round(value)));
}

function chunk(name: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(named, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
}
