import { pinDatabase } from '@nightjar/client/browser/keeper-database';
import { keyDatabase } from '@nightjar/client/browser/key-database';
import { type KeeperPins, memoryPins } from '@nightjar/client/keeper-pins';
import { type KeyStore, memoryKeys } from '@nightjar/client/key-store';
import { orElse } from './or-else.ts';

/** A viewer's keys in this browser; where it keeps nothing, as in some private windows, they live as long as the page. */
export function keysHere(): KeyStore {
  return orElse(keyDatabase() as KeyStore, memoryKeys());
}

/** Whom this browser has believed to keep a room's chat; where it keeps nothing, until the page is left. */
export function pinsHere(): KeeperPins {
  return orElse(pinDatabase(), memoryPins());
}
