import type { KeeperPin, KeeperPins } from '../keeper-pins.ts';
import type { KeeperState, KeeperStore } from '../keeper-store.ts';
import { read, write } from './database.ts';

/** Pins in this origin's IndexedDB: they name the rooms that this browser was in. */
export function pinDatabase(): KeeperPins {
  return {
    get: (roomId) => read<KeeperPin>('pins', roomId),
    set: (roomId, pin) => write('pins', roomId, pin),
  };
}

/**
 * A keeper's states in this origin's IndexedDB. Room keys lie there as bytes, since they are to be handed on: whoever is
 * admitted to the room has them as well.
 */
export function keeperDatabase(): KeeperStore {
  return {
    load: (roomId) => read<KeeperState>('keepers', roomId),
    save: (roomId, state) => write('keepers', roomId, state),
  };
}
