const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

const TIP = new RegExp(`^tip_${UUID}$`);
const ROOM = new RegExp(`^room_${UUID}$`);
const ITEM = /^[a-z0-9-]{1,40}$/;

export const isTipId = (text: string): boolean => TIP.test(text);
export const isRoomId = (text: string): boolean => ROOM.test(text);
export const isItemId = (text: string): boolean => ITEM.test(text);
