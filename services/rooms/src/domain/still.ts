export type StillType = 'image/webp' | 'image/jpeg' | 'image/png';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];
const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];

/** What kind of picture some bytes begin like; undefined: none that we take. What a client calls them does not count. */
export function stillTypeOf(bytes: Uint8Array): StillType | undefined {
  const has = (wanted: readonly number[], at = 0) => wanted.every((byte, i) => bytes[at + i] === byte);
  if (has(PNG)) return 'image/png';
  if (has(JPEG)) return 'image/jpeg';
  if (has(RIFF) && has(WEBP, 8)) return 'image/webp';
  return undefined;
}
