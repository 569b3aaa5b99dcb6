import type { GoalView } from '@nightjar/client/room-view';
import type { MenuItem } from '@nightjar/contracts/ws-protocol';
import type { ChatState } from './chat-state.ts';
import { EMPTY_LOG, type RoomLogView } from './room-log.ts';

/** All that a room's page shows, but the picture. */
export interface RoomScreen {
  readonly is: 'looking' | 'unknown' | 'failed' | 'room' | 'removed';
  /** Of `failed`. */
  readonly problem?: { readonly title: string };
  readonly title: string;
  readonly tags: readonly string[];
  readonly menu: readonly MenuItem[];
  readonly goal?: GoalView | undefined;
  readonly show: 'none' | 'on' | 'ended';
  /** `lost`: it comes back by itself, and nothing of the room is lost with it. */
  readonly link: 'opening' | 'live' | 'lost';
  readonly viewers?: number;
  readonly log: RoomLogView;
  readonly pseudonym?: string;
  readonly balance?: bigint;
  readonly chat: ChatState;
}

export const FIRST_SCREEN: RoomScreen = {
  is: 'looking',
  title: '',
  tags: [],
  menu: [],
  show: 'none',
  link: 'opening',
  log: EMPTY_LOG,
  chat: { is: 'waiting' },
};
