import { AmountSchema, MenuItemSchema } from '@nightjar/contracts/ws-schemas';
import { Type } from 'typebox';
import type { LiveRoom } from '../domain/directory.ts';
import type { Goal } from '../domain/goal.ts';
import { GOAL_TITLE_CHARACTERS_MAX, MENU_ITEMS_MAX, TAGS_MAX, TITLE_CHARACTERS_MAX } from '../limits.ts';
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

const Tags = Type.Array(Type.String(), { maxItems: TAGS_MAX, description: 'lower case' });

export const Still = Type.String({
  description: 'the path of the latest still; another one with each still',
});

export const GoalTitle = Type.String({
  minLength: 1,
  maxLength: GOAL_TITLE_CHARACTERS_MAX,
  pattern: VISIBLE,
  description: 'what it is for, for people; one line',
});

export const GoalView = Type.Object({
  goalId: Type.String(),
  title: GoalTitle,
  amount: AmountSchema,
  setAt: Time,
});

export const ShowView = Type.Object({
  showId: Type.String(),
  mode: Type.Literal('public'),
  startedAt: Time,
  picture: Type.Boolean({ description: 'whether somebody publishes, as far as is known' }),
  still: Type.Optional(Still),
});

export const MenuView = Type.Object({
  version: Type.Integer({ minimum: 0, description: '0: there was never a menu' }),
  items: Type.Array(MenuItemSchema, { maxItems: MENU_ITEMS_MAX }),
});

export const RoomView = Type.Object({
  roomId: Type.String(),
  slug: Type.String({ description: 'for addresses; ends in characters that the server chose' }),
  title: Title,
  tags: Tags,
  goal: Type.Optional(GoalView),
  menu: MenuView,
  show: Type.Optional(ShowView),
});

export const LiveRoomView = Type.Object({
  roomId: Type.String(),
  slug: Type.String(),
  title: Title,
  tags: Tags,
  startedAt: Time,
  picture: Type.Boolean({ description: 'whether somebody publishes, as far as is known' }),
  viewers: Type.Optional(
    Type.Integer({ minimum: 0, description: 'how many watch; missing when that is not known' }),
  ),
  still: Type.Optional(Still),
});

/** What any operation may answer instead; the codes are in docs/reference/errors.md. */
export const problemResponses = {
  '4xx': Type.Unsafe<never>({ $ref: 'Problem#', description: 'a problem; see its code' }),
  '5xx': Type.Unsafe<never>({ $ref: 'Problem#', description: 'a problem of ours; `retry` says whether to' }),
} as const;

/** Operations that need `Authorization: Bearer`, and those where it may be left out. */
export const signedIn = [{ accessToken: [] }];

/** Named by the room's id, which costs the edge no look at whose slug it is. */
export function stillPath(roomId: string, putAt: Date): string {
  return `/v1/rooms/${roomId}/still?v=${putAt.getTime()}`;
}

export function showView(roomId: string, { showId, mode, startedAt, picture, stillAt }: Show) {
  return {
    showId,
    mode,
    startedAt: startedAt.toISOString(),
    picture,
    ...(stillAt ? { still: stillPath(roomId, stillAt) } : {}),
  };
}

export function goalView({ goalId, title, amount, setAt }: Goal) {
  return { goalId, title, amount: `${amount}`, setAt: setAt.toISOString() };
}

export function roomView({ roomId, slug, title, tags, goal, menu, show }: RoomNow) {
  return {
    roomId,
    slug,
    title,
    tags: [...tags],
    ...(goal ? { goal: goalView(goal) } : {}),
    menu: { version: menu.version, items: structuredClone(menu.items) as MenuItems },
    ...(show ? { show: showView(roomId, show) } : {}),
  };
}

export function liveRoomView(room: LiveRoom, viewers: number | undefined) {
  const { roomId, slug, title, tags, startedAt, picture, stillAt } = room;
  return {
    roomId,
    slug,
    title,
    tags: [...tags],
    startedAt: startedAt.toISOString(),
    picture,
    ...(viewers === undefined ? {} : { viewers }),
    ...(stillAt ? { still: stillPath(roomId, stillAt) } : {}),
  };
}

type MenuItems = Type.Static<typeof MenuView>['items'];
