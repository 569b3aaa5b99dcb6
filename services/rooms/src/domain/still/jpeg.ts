import { isSmall, joined, viewOf } from './bytes.ts';

export const JPEG_START = [0xff, 0xd8, 0xff];
const JPEG_END = 0xd9;
const JPEG_SCAN = 0xda;
/** Tables, frames and scans; of application segments Adobe's alone, which says how colours are meant. */
function isKeptInJpeg(marker: number): boolean {
  const application = marker >= 0xe0 && marker <= 0xef;
  return application ? marker === 0xee : marker !== 0xfe;
}

/** What says how large the picture is: not tables of codes (C4), of conditioning (CC), nor what is reserved (C8). */
function isJpegFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** ITU-T T.81, annex B. */
export function cleanJpeg(bytes: Uint8Array): Uint8Array | undefined {
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let at = 2;
  let scans = 0;
  for (;;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1];
    // Whatever follows the end is no part of the picture.
    if (marker === JPEG_END) return scans > 0 ? joined(...kept, bytes.subarray(at, at + 2)) : undefined;
    if (marker === undefined || at + 4 > bytes.length) return undefined;
    let end = at + 2 + viewOf(bytes).getUint16(at + 2);
    if (end < at + 4) return undefined;
    if (marker === JPEG_SCAN) {
      scans += 1;
      end = endOfScan(bytes, end);
    }
    if (end > bytes.length) return undefined;
    if (isJpegFrame(marker)) {
      if (end < at + 9) return undefined;
      if (!isSmall(viewOf(bytes).getUint16(at + 7), viewOf(bytes).getUint16(at + 5))) return undefined;
    }
    if (isKeptInJpeg(marker)) kept.push(bytes.subarray(at, end));
    at = end;
  }
}

/** Where entropy-coded bytes end: at a marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}
