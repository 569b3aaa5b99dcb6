import { startsWith, textAt } from './still/bytes.ts';
import { cleanJpeg, JPEG_START } from './still/jpeg.ts';
import { cleanPng, PNG_SIGNATURE } from './still/png.ts';
import { cleanWebp, RIFF } from './still/webp.ts';

export type StillType = 'image/webp' | 'image/jpeg' | 'image/png';

export interface Still {
  readonly type: StillType;
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
