/** What a media grant lets its holder do in one LiveKit room, and nothing that is not named here. */
export interface MediaRights {
  readonly publish: readonly MediaSource[];
  readonly subscribe: boolean;
  /** Not seen by others: who watches is nobody's business. */
  readonly hidden: boolean;
}

export type MediaSource = 'camera' | 'microphone' | 'screen_share' | 'screen_share_audio';

export const WATCH: MediaRights = { publish: [], subscribe: true, hidden: true };
export const PUBLISH: MediaRights = {
  publish: ['camera', 'microphone', 'screen_share', 'screen_share_audio'],
  subscribe: false,
  hidden: false,
};
