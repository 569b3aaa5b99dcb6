import { isSmall, joined, type Part, textAt, viewOf } from './bytes.ts';

export const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP_KEPT: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH']);
const WEBP_HEADER_BYTES = 12;
const WEBP_CHUNK_HEADER_BYTES = 8;
/** Of VP8X: that there is transparency. A profile, EXIF, XMP and motion there is not any more. */
const WEBP_ALPHA = 0x10;

/** RFC 9649, section 2. */
export function cleanWebp(bytes: Uint8Array): Uint8Array | undefined {
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
