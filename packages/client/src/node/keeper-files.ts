import { join } from 'node:path';
import type { KeeperState, KeeperStore } from '../keeper-store.ts';
import { fileName, readJson, writeJson } from './json-file.ts';

/** A keeper's states in a folder of its own user's (0700), one file a room (0600). Whoever has one can read that chat. */
export function keeperFiles(folder: string): KeeperStore {
  const pathOf = (roomId: string): string => join(folder, `chat-${fileName(roomId)}.json`);
  return {
    async load(roomId) {
      const value = await readJson(pathOf(roomId));
      return value === undefined ? undefined : readState(value);
    },
    save: (roomId, state) => writeJson(folder, pathOf(roomId), state),
  };
}

function readState(value: unknown): KeeperState {
  const { number, keys, showId, excluded } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(number) || !isTexts(keys) || !isTexts(excluded))
    throw new TypeError('not a keeper’s state: take the file away to begin anew');
  return {
    number: number as number,
    keys,
    excluded,
    ...(typeof showId === 'string' ? { showId } : {}),
  };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
