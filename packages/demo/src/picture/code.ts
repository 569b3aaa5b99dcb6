/**
 * What a frame says to machines: 96 bits as a block of black and white cells, 32 in a row, so large that a codec's blur
 * does not reach their middle. A wrong bit is found, never guessed.
 */

export const CODE_COLUMNS = 32;
export const CODE_ROWS = 3;
export const CODE_BITS = CODE_COLUMNS * CODE_ROWS;

export interface FrameCode {
  /** When the picture was drawn, in ms since 1970. */
  readonly clockMs: number;
  /** What the device did then, 0 to 1000. */
  readonly level: number;
  /** Frames since the publisher began, modulo 2^18. */
  readonly count: number;
}

const SYNC = 0b10110010n;
const FIELDS = { sync: 8n, clockMs: 44n, level: 10n, count: 18n, check: 16n } as const;
const COUNT_MODULO = 2 ** Number(FIELDS.count);

/** One entry a cell, 1 is white, in reading order. */
export function encodeCode({ clockMs, level, count }: FrameCode): Uint8Array {
  let bits = SYNC;
  bits = (bits << FIELDS.clockMs) | BigInt.asUintN(Number(FIELDS.clockMs), BigInt(clockMs));
  bits = (bits << FIELDS.level) | BigInt(Math.min(1000, Math.max(0, Math.round(level))));
  bits = (bits << FIELDS.count) | BigInt(count % COUNT_MODULO);
  bits = (bits << FIELDS.check) | BigInt(crc16(bits));
  return Uint8Array.from({ length: CODE_BITS }, (_, i) => Number((bits >> BigInt(CODE_BITS - 1 - i)) & 1n));
}

/** @returns undefined when the cells are no code, or were not read right */
export function decodeCode(cells: ArrayLike<number>): FrameCode | undefined {
  if (cells.length !== CODE_BITS) return undefined;
  let bits = 0n;
  for (let i = 0; i < CODE_BITS; i += 1) bits = (bits << 1n) | (cells[i] ? 1n : 0n);
  const take = (width: bigint): number => {
    const value = Number(BigInt.asUintN(Number(width), bits));
    bits >>= width;
    return value;
  };
  const check = take(FIELDS.check);
  if (check !== crc16(bits)) return undefined;
  const count = take(FIELDS.count);
  const level = take(FIELDS.level);
  const clockMs = take(FIELDS.clockMs);
  return bits === SYNC && level <= 1000 ? { clockMs, level, count } : undefined;
}

/** CRC-16/CCITT-FALSE over the number's bytes. */
function crc16(value: bigint): number {
  let crc = 0xffff;
  for (let shift = BigInt(CODE_BITS) - FIELDS.check - 8n; shift >= 0n; shift -= 8n) {
    crc ^= Number((value >> shift) & 255n) << 8;
    for (let i = 0; i < 8; i += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
