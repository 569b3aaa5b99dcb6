/** All keys of a room share the hash tag `{room id}`: one slot, one channel, one script. */
export interface RoomKeys {
  /** meta, log, snapshot, seat: what every function of redis/room.lua takes first. */
  readonly all: readonly [string, string, string, string];
  readonly log: string;
  readonly presence: string;
  readonly channel: string;
}

export function roomKeys(roomId: string): RoomKeys {
  const at = (part: string) => `{${roomId}}:${part}`;
  const log = at('log');
  return {
    all: [at('meta'), log, at('snapshot'), at('seat')],
    log,
    presence: at('presence'),
    channel: at('channel'),
  };
}

/** Where a message that a client named is remembered, so that sending it again changes nothing. */
export function messageKey(roomId: string, messageId: string): string {
  return `{${roomId}}:msg:${messageId}`;
}
