import { join } from 'node:path';
import type { KeeperPin, KeeperPins } from '../keeper-pins.ts';
import { fileName, readJson, writeJson } from './json-file.ts';

/** Pins in a folder of this user's own, one file a room. */
export function keeperPinFiles(folder: string): KeeperPins {
  const pathOf = (roomId: string): string => join(folder, 'keepers', `${fileName(roomId)}.json`);
  return {
    async get(roomId) {
      const value = await readJson(pathOf(roomId));
      return value === undefined ? undefined : readPin(value);
    },
    set: (roomId, pin) => writeJson(join(folder, 'keepers'), pathOf(roomId), pin),
  };
}

/** A pin that cannot be read must not pass for none: then a changed keeper would be believed. */
function readPin(value: unknown): KeeperPin {
  const { publicKey, number, keyId } = value as Record<string, unknown>;
  if (typeof publicKey !== 'string' || typeof number !== 'number' || typeof keyId !== 'string')
    throw new TypeError('not a keeper’s pin');
  return { publicKey, number, keyId };
}
