/** An address: 4 bytes for IPv4, 16 for IPv6, never an IPv4-mapped one in 16. */
export type AddressBytes = Uint8Array;

/** A range of addresses of one family; bits behind the prefix are zero. */
export interface Range {
  readonly bytes: AddressBytes;
  /** Leading bits that count: 0 to 32 for IPv4, 0 to 128 for IPv6. */
  readonly prefixBits: number;
}

const V4_BYTES = 4;
const V6_BYTES = 16;
const V6_GROUPS = 8;
/** `::ffff:0:0/96`, RFC 4291 section 2.5.5.2. */
const MAPPED_PREFIX_BITS = 96;
/** The longest text of an IPv6 address, with an IPv4 tail. */
const ADDRESS_CHARS_MAX = 45;

/**
 * Reads an IPv4 or IPv6 address (RFC 4291 section 2.2). An IPv4-mapped IPv6 address is the IPv4 address that it
 * stands for, or else a client could choose its family to get past a rule. Zones, leading zeros in IPv4, ports
 * and brackets are refused.
 *
 * @returns undefined when the text is no address.
 */
export function parseAddress(text: string): AddressBytes | undefined {
  if (text.length > ADDRESS_CHARS_MAX) return undefined;
  if (!text.includes(':')) return parseV4(text);
  const bytes = parseV6(text);
  return bytes !== undefined && isMapped(bytes) ? bytes.slice(V6_BYTES - V4_BYTES) : bytes;
}

/**
 * Reads a CIDR range (RFC 4632, RFC 4291 section 2.3), or an address alone as the range of just that one. Bits
 * behind the prefix are cleared. A range inside `::ffff:0:0/96` is the IPv4 range that it stands for; a wider
 * IPv6 range, `::/0` too, holds IPv6 addresses only.
 *
 * @returns undefined when the text is no range.
 */
export function parseRange(text: string): Range | undefined {
  const slash = text.indexOf('/');
  const addressText = slash === -1 ? text : text.slice(0, slash);
  if (addressText.length > ADDRESS_CHARS_MAX) return undefined;
  const written = addressText.includes(':') ? parseV6(addressText) : parseV4(addressText);
  if (written === undefined) return undefined;
  const bits = slash === -1 ? written.length * 8 : parsePrefix(text.slice(slash + 1), written.length * 8);
  if (bits === undefined) return undefined;
  if (written.length === V6_BYTES && bits >= MAPPED_PREFIX_BITS && isMapped(written)) {
    return toRange(written.slice(V6_BYTES - V4_BYTES), bits - MAPPED_PREFIX_BITS);
  }
  return toRange(written, bits);
}

/** The range of an address's first bits. */
export function toRange(address: AddressBytes, prefixBits: number): Range {
  const bytes = Uint8Array.from(address);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = (bytes[i] ?? 0) & maskByte(prefixBits, i);
  return { bytes, prefixBits };
}

/** Whether the address lies in the range. An address of the other family never does. */
export function rangeContains(range: Range, address: AddressBytes): boolean {
  if (range.bytes.length !== address.length) return false;
  const used = Math.ceil(range.prefixBits / 8);
  for (let i = 0; i < used; i += 1) {
    if (((address[i] ?? 0) & maskByte(range.prefixBits, i)) !== range.bytes[i]) return false;
  }
  return true;
}

/** The address as text; IPv6 in the form of RFC 5952. */
export function formatAddress(bytes: AddressBytes): string {
  if (bytes.length === V4_BYTES) return bytes.join('.');
  const groups: number[] = [];
  for (let i = 0; i < V6_BYTES; i += 2) groups.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  const { start, length } = longestZeros(groups);
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

/** The range as text, with its prefix even when that covers one address. */
export function formatRange(range: Range): string {
  return `${formatAddress(range.bytes)}/${range.prefixBits}`;
}

function maskByte(prefixBits: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefixBits - index * 8));
  return (0xff << (8 - bits)) & 0xff;
}

function parsePrefix(text: string, max: number): number | undefined {
  if (!/^(0|[1-9]\d{0,2})$/.test(text)) return undefined;
  const bits = Number(text);
  return bits <= max ? bits : undefined;
}

function parseV4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== V4_BYTES) return undefined;
  const bytes = new Uint8Array(V4_BYTES);
  for (const [i, part] of parts.entries()) {
    // A leading zero means octal to some readers and decimal to others.
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bytes[i] = Number(part);
  }
  return bytes;
}

function parseV6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [headText = '', tailText] = halves;
  // An IPv4 tail may only stand at the very end.
  const head = parseGroups(headText, tailText === undefined);
  const tail = tailText === undefined ? [] : parseGroups(tailText, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = V6_GROUPS - head.length - tail.length;
  if (tailText === undefined ? missing !== 0 : missing < 1) return undefined;
  const bytes = new Uint8Array(V6_BYTES);
  for (const [i, group] of [...head, ...new Array<number>(missing).fill(0), ...tail].entries()) {
    bytes[2 * i] = group >> 8;
    bytes[2 * i + 1] = group & 0xff;
  }
  return bytes;
}

function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (atEnd && i === parts.length - 1 && part.includes('.')) {
      const v4 = parseV4(part);
      if (v4 === undefined) return undefined;
      const [a = 0, b = 0, c = 0, d = 0] = v4;
      groups.push((a << 8) | b, (c << 8) | d);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

function isMapped(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i += 1) if (bytes[i] !== 0) return false;
  return bytes[10] === 0xff && bytes[11] === 0xff;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let end = start;
    while (groups[end] === 0) end += 1;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}
