import { MenuItemSchema } from '@nightjar/contracts/ws-schemas';
import { Type } from 'typebox';
import { MENU_ITEMS_MAX, TITLE_CHARACTERS_MAX } from '../limits.ts';
import type { RoomNow, Show } from '../store/rooms.ts';

export const strict = { additionalProperties: false } as const;

export const RoomParams = Type.Object({
  room: Type.String({ description: 'the room: its id or its slug' }),
});

/** Something other than space, and no control characters. */
const VISIBLE = '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$';

export const Title = Type.String({
  minLength: 1,
  maxLength: TITLE_CHARACTERS_MAX,
  pattern: VISIBLE,
  description: 'what the room is called, for people; one line',
});

const Time = Type.String({ description: 'RFC 3339' });

export const ShowView = Type.Object({
  showId: Type.String(),
  mode: Type.Literal('public'),
  startedAt: Time,
  picture: Type.Boolean({ description: 'whether somebody publishes, as far as is known' }),
});

export const MenuView = Type.Object({
  version: Type.Integer({ minimum: 0, description: '0: there was never a menu' }),
  items: Type.Array(MenuItemSchema, { maxItems: MENU_ITEMS_MAX }),
});

export const RoomView = Type.Object({
  roomId: Type.String(),
  slug: Type.String({ description: 'for addresses; ends in characters that the server chose' }),
  title: Title,
  menu: MenuView,
  show: Type.Optional(ShowView),
});

export const LiveRoomView = Type.Object({
  roomId: Type.String(),
  slug: Type.String(),
  title: Title,
  startedAt: Time,
  picture: Type.Boolean({ description: 'whether somebody publishes, as far as is known' }),
});

/** What any operation may answer instead; the codes are in docs/reference/errors.md. */
export const problemResponses = {
  '4xx': Type.Unsafe<never>({ $ref: 'Problem#', description: 'a problem; see its code' }),
  '5xx': Type.Unsafe<never>({ $ref: 'Problem#', description: 'a problem of ours; `retry` says whether to' }),
} as const;

/** Operations that need `Authorization: Bearer`, and those where it may be left out. */
export const signedIn = [{ accessToken: [] }];

export function showView({ showId, mode, startedAt, picture }: Show) {
  return { showId, mode, startedAt: startedAt.toISOString(), picture };
}

export function roomView({ roomId, slug, title, menu, show }: RoomNow) {
  return {
    roomId,
    slug,
    title,
    menu: { version: menu.version, items: structuredClone(menu.items) as MenuItems },
    ...(show ? { show: showView(show) } : {}),
  };
}

type MenuItems = Type.Static<typeof MenuView>['items'];
