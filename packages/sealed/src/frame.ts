import type { Bytes } from './base64url.ts';
import { assertId, writeAscii } from './tip-context.ts';

/**
 * The bytes that are signed, hashed or bound as associated data: the domain and a zero byte; each id behind its length in
 * one byte; then the parts as they are. All parts but the last have a fixed length in every use of a domain, so that
 * two different contents never share bytes.
 *
 * @throws SealedError `malformed` when an id is not one.
 */
export function frame(domain: string, ids: readonly string[], ...parts: readonly Uint8Array[]): Bytes {
  for (const id of ids) assertId(id);
  const idBytes = ids.reduce((sum, id) => sum + 1 + id.length, 0);
  const partBytes = parts.reduce((sum, part) => sum + part.length, 0);
  const out = new Uint8Array(domain.length + 1 + idBytes + partBytes);
  let offset = writeAscii(out, 0, domain) + 1;
  for (const id of ids) {
    out[offset] = id.length;
    offset = writeAscii(out, offset + 1, id);
  }
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** Parts one behind the other. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** Cuts bytes into parts of these lengths; what is left over is the last part. Undefined when there are too few. */
export function cut(bytes: Uint8Array, ...lengths: readonly number[]): Uint8Array[] | undefined {
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const length of lengths) {
    if (offset + length > bytes.length) return undefined;
    parts.push(bytes.subarray(offset, offset + length));
    offset += length;
  }
  parts.push(bytes.subarray(offset));
  return parts;
}
