import { STILL_SIDE_PIXELS_MAX } from '../../limits.ts';

/** Bytes of a picture's file that stay or go together. */
export interface Part {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Whether no side is too large, or missing: JPEG may say its height later, which nobody makes use of. */
export function isSmall(width: number, height: number): boolean {
  return width > 0 && height > 0 && Math.max(width, height) <= STILL_SIDE_PIXELS_MAX;
}

export function startsWith(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.every((byte, i) => bytes[i] === byte);
}

export function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
