import type { Effect } from '@nightjar/contracts/effect';
import type { MenuItem } from '@nightjar/contracts/ws-protocol';
import type { Endpoints } from './endpoints.ts';
import type { HttpClient, HttpRequest } from './http.ts';
import type { Identity } from './identity.ts';
import { ProblemError } from './problem-error.ts';
import { readList, readNumber, readObject, readText } from './read.ts';

export interface LiveRoom {
  readonly roomId: string;
  readonly slug: string;
  readonly title: string;
  /** RFC 3339 */
  readonly startedAt: string;
  /** Whether somebody publishes, as far as is known. */
  readonly picture: boolean;
}

export interface Show {
  readonly showId: string;
  readonly mode: string;
  readonly startedAt: string;
}

export interface Menu {
  readonly version: number;
  readonly items: readonly MenuItem[];
}

export interface Room {
  readonly roomId: string;
  readonly slug: string;
  readonly title: string;
  readonly menu: Menu;
  readonly show?: Show;
}

/** A way into a show's picture and sound, for LiveKit's client. */
export interface MediaGrant {
  readonly url: string;
  readonly accessToken: string;
  readonly identity: string;
  readonly expiresAt: string;
}

export interface RoomsParts {
  readonly endpoints: Pick<Endpoints, 'rooms'>;
  readonly http: HttpClient;
  /** Needed for a room of one's own only; watching needs nobody to be known. */
  readonly identity?: Identity;
}

/** Rooms by REST: the directory, a room, and a broadcaster's own room. All throw ProblemError. */
export class Rooms {
  readonly #parts: RoomsParts;

  constructor(parts: RoomsParts) {
    this.#parts = parts;
  }

  /** Rooms with a public show, newest first, as far as a fence lets this address know. */
  async list({ limit, cursor }: { limit?: number; cursor?: string } = {}): Promise<{
    rooms: LiveRoom[];
    next?: string;
  }> {
    const query = new URLSearchParams();
    if (limit !== undefined) query.set('limit', `${limit}`);
    if (cursor !== undefined) query.set('cursor', cursor);
    const answer = readObject(await this.#call({ method: 'GET', path: `/v1/rooms?${query}` }));
    const rooms = readList(answer, 'rooms').map(readLiveRoom);
    return typeof answer.next === 'string' ? { rooms, next: answer.next } : { rooms };
  }

  /** @param room its id or its slug */
  async get(room: string): Promise<Room> {
    return readRoom(await this.#call({ method: 'GET', path: pathOf(room) }));
  }

  /** One's own room, whatever its fence says. */
  async getOwn(room: string): Promise<Room> {
    return readRoom(await this.#own({ method: 'GET', path: pathOf(room) }));
  }

  /**
   * Makes a room.
   *
   * @param idempotencyKey the same again answers the same room
   */
  async create(room: { name: string; title: string }, idempotencyKey: string): Promise<Room> {
    return readRoom(await this.#own({ method: 'POST', path: '/v1/rooms', body: room, idempotencyKey }));
  }

  /** @param menu its `version` is the one that was read; `menu_changed` when it is not the latest any more */
  async putMenu(room: string, menu: Menu): Promise<Menu> {
    return readMenu(await this.#own({ method: 'PUT', path: `${pathOf(room)}/menu`, body: menu }));
  }

  /** @throws ProblemError `show_already_on` */
  async startShow(room: string): Promise<Show> {
    return readShow(
      await this.#own({ method: 'POST', path: `${pathOf(room)}/shows`, body: { mode: 'public' } }),
    );
  }

  /** No show is on afterwards, whether one was or not. */
  async endShow(room: string): Promise<void> {
    await this.#own({ method: 'DELETE', path: `${pathOf(room)}/shows/current` });
  }

  /** @param ticket its media half is used up by this */
  async mediaGrant(room: string, ticket: string): Promise<MediaGrant> {
    const path = `${pathOf(room)}/media-grants`;
    const answer = readObject(await this.#call({ method: 'POST', path, body: { ticket } }));
    return {
      url: readText(answer, 'url'),
      accessToken: readText(answer, 'accessToken'),
      identity: readText(answer, 'identity'),
      expiresAt: readText(answer, 'expiresAt'),
    };
  }

  #call(request: Omit<HttpRequest, 'base'>): Promise<unknown> {
    return this.#parts.http({ base: this.#parts.endpoints.rooms, ...request });
  }

  async #own(request: Omit<HttpRequest, 'base'>): Promise<unknown> {
    const { identity } = this.#parts;
    if (!identity) throw new TypeError('a room of your own needs an identity');
    return withAccess(identity, 'rooms', (accessToken) => this.#call({ ...request, accessToken }));
  }
}

/** A call with an access token; where that was refused, once more with a new one. */
export async function withAccess<T>(
  identity: Identity,
  audience: Parameters<Identity['accessToken']>[0],
  call: (accessToken: string) => Promise<T>,
): Promise<T> {
  const { accessToken } = await identity.accessToken(audience);
  try {
    return await call(accessToken);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'access_token_invalid') throw error;
    identity.invalidate(audience);
    return call((await identity.accessToken(audience)).accessToken);
  }
}

function pathOf(room: string): string {
  return `/v1/rooms/${encodeURIComponent(room)}`;
}

function readLiveRoom(value: unknown): LiveRoom {
  const room = readObject(value);
  return {
    roomId: readText(room, 'roomId'),
    slug: readText(room, 'slug'),
    title: readText(room, 'title'),
    startedAt: readText(room, 'startedAt'),
    picture: room.picture === true,
  };
}

function readRoom(value: unknown): Room {
  const room = readObject(value);
  return {
    roomId: readText(room, 'roomId'),
    slug: readText(room, 'slug'),
    title: readText(room, 'title'),
    menu: readMenu(room.menu),
    ...(room.show === undefined ? {} : { show: readShow(room.show) }),
  };
}

function readMenu(value: unknown): Menu {
  const menu = readObject(value);
  return { version: readNumber(menu, 'version'), items: readList(menu, 'items').map(readItem) };
}

function readItem(value: unknown): MenuItem {
  const item = readObject(value);
  return {
    itemId: readText(item, 'itemId'),
    name: readText(item, 'name'),
    price: readText(item, 'price'),
    // What drives a device checks it again: packages/bridge, isEffect.
    ...(item.effect === undefined ? {} : { effect: readObject(item.effect) as unknown as Effect }),
  };
}

function readShow(value: unknown): Show {
  const show = readObject(value);
  return {
    showId: readText(show, 'showId'),
    mode: readText(show, 'mode'),
    startedAt: readText(show, 'startedAt'),
  };
}
