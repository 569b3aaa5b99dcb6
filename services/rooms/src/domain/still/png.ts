import { isSmall, joined, type Part, textAt, viewOf } from './bytes.ts';

export const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** What a picture is made of; text, times and EXIF are chunks of other names. */
const PNG_KEPT: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'sRGB', 'gAMA', 'IDAT', 'IEND']);
const PNG_CHUNK_BYTES_MIN = 12;

/** PNG (third edition, W3C 2025), section 5. */
export function cleanPng(bytes: Uint8Array): Uint8Array | undefined {
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
