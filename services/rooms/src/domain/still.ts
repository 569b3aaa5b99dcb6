import { STILL_SIDE_PIXELS_MAX } from '../limits.ts';

export type StillType = 'image/webp' | 'image/jpeg' | 'image/png';

export interface Still {
  readonly type: StillType;
  readonly bytes: Uint8Array;
}

/** Bytes of a picture's file that stay or go together. */
interface Part {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * A picture without anything but the picture: cameras write into such files where and when they were taken, and by whom.
 * What kind it is is seen by its bytes, whatever a client calls it. Undefined: not one of the kinds that we take, or
 * broken in its outer structure (what is inside is for decoders to judge), or more than STILL_SIDE_PIXELS_MAX a side.
 */
export function cleanStill(bytes: Uint8Array): Still | undefined {
  if (startsWith(bytes, PNG_SIGNATURE)) return made('image/png', cleanPng(bytes));
  if (startsWith(bytes, JPEG_START)) return made('image/jpeg', cleanJpeg(bytes));
  if (startsWith(bytes, RIFF) && textAt(bytes, 8) === 'WEBP') return made('image/webp', cleanWebp(bytes));
  return undefined;
}

function made(type: StillType, bytes: Uint8Array | undefined): Still | undefined {
  return bytes && { type, bytes };
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** What a picture is made of; text, times and EXIF are chunks of other names. */
const PNG_KEPT: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'sRGB', 'gAMA', 'IDAT', 'IEND']);
const PNG_CHUNK_BYTES_MIN = 12;

/** PNG (third edition, W3C 2025), section 5. */
function cleanPng(bytes: Uint8Array): Uint8Array | undefined {
  const chunks: Part[] = [];
  let at = PNG_SIGNATURE.length;
  while (chunks.at(-1)?.name !== 'IEND') {
    if (at + PNG_CHUNK_BYTES_MIN > bytes.length) return undefined;
    const end = at + PNG_CHUNK_BYTES_MIN + viewOf(bytes).getUint32(at);
    if (end > bytes.length) return undefined;
    chunks.push({ name: textAt(bytes, at + 4), bytes: bytes.subarray(at, end) });
    at = end;
  }
  const [header] = chunks;
  // Nothing but the header's own 13 bytes before the next chunk.
  if (header?.name !== 'IHDR' || header.bytes.length !== PNG_CHUNK_BYTES_MIN + 13) return undefined;
  if (!isSmall(viewOf(header.bytes).getUint32(8), viewOf(header.bytes).getUint32(12))) return undefined;
  if (!chunks.some(({ name }) => name === 'IDAT')) return undefined;
  const kept = chunks.filter(({ name }) => PNG_KEPT.has(name));
  return joined(Uint8Array.from(PNG_SIGNATURE), ...kept.map((chunk) => chunk.bytes));
}

const JPEG_START = [0xff, 0xd8, 0xff];
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
function cleanJpeg(bytes: Uint8Array): Uint8Array | undefined {
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

const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP_KEPT: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH']);
const WEBP_HEADER_BYTES = 12;
const WEBP_CHUNK_HEADER_BYTES = 8;
/** Of VP8X: that there is transparency. A profile, EXIF, XMP and motion there is not any more. */
const WEBP_ALPHA = 0x10;

/** RFC 9649, section 2. */
function cleanWebp(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes);
  const chunks: Part[] = [];
  let at = WEBP_HEADER_BYTES;
  while (at < bytes.length) {
    if (at + WEBP_CHUNK_HEADER_BYTES > bytes.length) return undefined;
    const length = view.getUint32(at + 4, true);
    // Chunks of an odd length are followed by a byte of nothing.
    const end = at + WEBP_CHUNK_HEADER_BYTES + length + (length % 2);
    if (end > bytes.length) return undefined;
    chunks.push({ name: textAt(bytes, at), bytes: bytes.slice(at, end) });
    at = end;
  }
  if (!chunks.some(({ name }) => name === 'VP8 ' || name === 'VP8L')) return undefined;
  if (!chunks.every(isSmallWebp)) return undefined;
  const kept = chunks.filter(({ name }) => WEBP_KEPT.has(name));
  for (const { name, bytes: chunk } of kept)
    if (name === 'VP8X') chunk[WEBP_CHUNK_HEADER_BYTES] = (chunk[WEBP_CHUNK_HEADER_BYTES] ?? 0) & WEBP_ALPHA;
  const cleaned = joined(bytes.subarray(0, WEBP_HEADER_BYTES), ...kept.map((chunk) => chunk.bytes));
  viewOf(cleaned).setUint32(4, cleaned.length - 8, true);
  return cleaned;
}

/** Whether a chunk that says how large the picture is says a size that is not too large. */
function isSmallWebp({ name, bytes: chunk }: Part): boolean {
  const view = viewOf(chunk);
  const at = WEBP_CHUNK_HEADER_BYTES;
  if (!WEBP_KEPT.has(name) || name === 'ALPH') return true;
  if (chunk.length < at + 10) return false;
  switch (name) {
    case 'VP8X':
      return isSmall((view.getUint32(at + 4, true) & 0xffffff) + 1, (view.getUint32(at + 6, true) >>> 8) + 1);
    case 'VP8L': {
      const bits = view.getUint32(at + 1, true);
      return isSmall((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
    }
    default:
      // A key frame's header (RFC 6386, 9.1); the upper two bits of each side scale it for display.
      return isSmall(view.getUint16(at + 6, true) & 0x3fff, view.getUint16(at + 8, true) & 0x3fff);
  }
}

/** JPEG alone has a height of 0, which a later segment says; nobody makes such files. */
function isSmall(width: number, height: number): boolean {
  return width > 0 && height > 0 && Math.max(width, height) <= STILL_SIDE_PIXELS_MAX;
}

function startsWith(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.every((byte, i) => bytes[i] === byte);
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
