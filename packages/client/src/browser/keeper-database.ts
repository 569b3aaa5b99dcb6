import { type KeeperPin, type KeeperPins, memoryPins } from '../keeper-pins.ts';
import type { KeeperState, KeeperStore } from '../keeper-store.ts';
import { read, write } from './database.ts';

/**
 * Pins in this origin's IndexedDB: they name the rooms that this browser was in. Where the browser keeps no data they last
 * as long as the page.
 */
export function pinDatabase(): KeeperPins {
  const ofPage = memoryPins();
  return {
    async get(roomId) {
      // Another tab may have seen a later statement, and this page one that could not be kept.
      const kept = await read<KeeperPin>('pins', roomId).catch(() => undefined);
      return kept ?? ofPage.get(roomId);
    },
    async set(roomId, pin) {
      await ofPage.set(roomId, pin);
      await write('pins', roomId, pin).catch(() => {});
    },
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
