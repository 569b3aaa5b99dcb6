/** What a keeper needs again after a reload. Whoever has it can read the room's chat. */
export interface KeeperState {
  /** Of the last statement; see KeeperStatement. */
  readonly number: number;
  /** Room keys, base64url, the one in force last. */
  readonly keys: readonly string[];
  /** The show that the key in force was made for. */
  readonly showId?: string;
  /** Pseudonyms that get no key. */
  readonly excluded: readonly string[];
}

/** Where keepers' states live. */
export interface KeeperStore {
  load(roomId: string): Promise<KeeperState | undefined>;
  /** Resolves when it is kept for good: a number that is lost would be used twice. */
  save(roomId: string, state: KeeperState): Promise<void>;
}

/** For as long as the program runs; a new run is a new number from the log, and old lines cannot be read. */
export function memoryKeeperStore(): KeeperStore {
  const states = new Map<string, KeeperState>();
  return {
    async load(roomId) {
      return states.get(roomId);
    },
    async save(roomId, state) {
      states.set(roomId, state);
    },
  };
}
