import type { KeeperState } from './keeper-store.ts';
import { KEEPER_KEYS_KEPT } from './limits.ts';

/** Another key is in force. @param number of the last statement that was seen anywhere, so that none is used twice */
export function withNewKey(
  state: KeeperState | undefined,
  key: string,
  { showId, number = 0 }: { showId?: string; number?: number },
): KeeperState {
  const isNewShow = showId !== state?.showId;
  return {
    number: Math.max(state?.number ?? 0, number) + 1,
    keys: [...(state?.keys ?? []), key].slice(-KEEPER_KEYS_KEPT),
    ...(showId === undefined ? {} : { showId }),
    // Who was removed was so for the show; who is banned does not come in, so asks for nothing.
    excluded: isNewShow ? [] : (state?.excluded ?? []),
  };
}

export function withExcluded(state: KeeperState, pseudonym: string): KeeperState {
  if (state.excluded.includes(pseudonym)) return state;
  return { ...state, excluded: [...state.excluded, pseudonym] };
}

export function withoutExcluded(state: KeeperState, pseudonym: string): KeeperState {
  return { ...state, excluded: state.excluded.filter((name) => name !== pseudonym) };
}

export const KEEPER_KEY_PREFIX = 'keeper-';

/** The name of the keeper's signing key in a KeyStore, one for each room. */
export function keeperKeyName(roomId: string): string {
  return `${KEEPER_KEY_PREFIX}${roomId
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(-32)}`;
}
