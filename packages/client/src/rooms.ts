import type { Effect } from '@nightjar/contracts/effect';
import type { MenuItem, Sanction } from '@nightjar/contracts/ws-protocol';
import type { Endpoints } from './endpoints.ts';
import type { HttpClient, HttpRequest } from './http.ts';
import type { Identity } from './identity.ts';
import { localProblem, ProblemError } from './problem-error.ts';
import { readAmount, readList, readNumber, readObject, readText } from './read.ts';

export interface LiveRoom {
  readonly roomId: string;
  readonly slug: string;
  readonly title: string;
  readonly tags: readonly string[];
  /** RFC 3339 */
  readonly startedAt: string;
  /** Whether somebody publishes, as far as is known. */
  readonly picture: boolean;
  /** How many watch; undefined when that is not known. */
  readonly viewers?: number;
  /** The URL of the latest still, another one with each still. */
  readonly still?: string;
}

export interface Show {
  readonly showId: string;
  readonly mode: string;
  readonly startedAt: string;
  /** Whether somebody publishes, as far as is known. */
  readonly picture: boolean;
  /** The URL of the latest still, another one with each still. */
  readonly still?: string;
}

/** What a room's tips add up to; how far it is, the room's log says: RoomView. */
export interface Goal {
  readonly goalId: string;
  readonly title: string;
  readonly amount: bigint;
}

/** What is in force about somebody. */
export interface SanctionInForce {
  readonly pseudonym: string;
  readonly what: Sanction;
  /** RFC 3339, of a silence. */
  readonly until?: string;
  /** RFC 3339 */
  readonly decidedAt: string;
}

/** A picture's file: WebP, JPEG or PNG. */
export interface Still {
  readonly type: 'image/webp' | 'image/jpeg' | 'image/png';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Menu {
  readonly version: number;
  readonly items: readonly MenuItem[];
}

export interface Room {
  readonly roomId: string;
  readonly slug: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly goal?: Goal;
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
    const path = `/v1/rooms?${pageQuery(limit, cursor)}`;
    const answer = readObject(await this.#call({ method: 'GET', path }));
    const rooms = readList(answer, 'rooms').map((room) => this.#readLiveRoom(room));
    return typeof answer.next === 'string' ? { rooms, next: answer.next } : { rooms };
  }

  /** @param room its id or its slug */
  async get(room: string): Promise<Room> {
    return this.#readRoom(await this.#call({ method: 'GET', path: pathOf(room) }));
  }

  /** One's own room, whatever its fence says. */
  async getOwn(room: string): Promise<Room> {
    return this.#readRoom(await this.#own({ method: 'GET', path: pathOf(room) }));
  }

  /**
   * Makes a room.
   *
   * @param idempotencyKey the same again answers the same room
   */
  async create(room: { name: string; title: string }, idempotencyKey: string): Promise<Room> {
    return this.#readRoom(await this.#own({ method: 'POST', path: '/v1/rooms', body: room, idempotencyKey }));
  }

  /** @param menu its `version` is the one that was read; `menu_changed` when it is not the latest any more */
  async putMenu(room: string, menu: Menu): Promise<Menu> {
    return readMenu(await this.#own({ method: 'PUT', path: `${pathOf(room)}/menu`, body: menu }));
  }

  /** Changes title, tags or both. Tags come back in their normal form. @throws ProblemError `tag_invalid` */
  async setFace(room: string, face: { title?: string; tags?: readonly string[] }): Promise<Room> {
    return this.#readRoom(await this.#own({ method: 'PATCH', path: pathOf(room), body: face }));
  }

  /** Sets what tips add up to, from nothing on. The same title and amount as its own change nothing. */
  async setGoal(room: string, goal: { title: string; amount: bigint }): Promise<Goal> {
    const body = { title: goal.title, amount: `${goal.amount}` };
    return readGoal(await this.#own({ method: 'PUT', path: `${pathOf(room)}/goal`, body }));
  }

  async clearGoal(room: string): Promise<void> {
    await this.#own({ method: 'DELETE', path: `${pathOf(room)}/goal` });
  }

  /**
   * Shows a still of the show that is on to whoever looks at the room or the directory.
   *
   * @returns its URL
   * @throws ProblemError `still_invalid`, `still_too_soon`
   */
  async putStill(room: string, file: Still): Promise<string> {
    const answer = readObject(await this.#own({ method: 'PUT', path: `${pathOf(room)}/still`, file }));
    return this.#url(readText(answer, 'still'));
  }

  /**
   * Silences somebody for some minutes, removes them from the show that is on, or bans them for good, in the place of what
   * was decided before. Socket and media end at once.
   *
   * @param minutes of a silence; the server's default when left out
   */
  async sanction(
    room: string,
    pseudonym: string,
    { what, minutes }: { what: Sanction; minutes?: number },
  ): Promise<SanctionInForce> {
    const body = { what, ...(minutes === undefined ? {} : { minutes }) };
    return readSanction(await this.#own({ method: 'PUT', path: sanctionPath(room, pseudonym), body }));
  }

  /** Ends what is in force about somebody, if anything is. */
  async lift(room: string, pseudonym: string): Promise<void> {
    await this.#own({ method: 'DELETE', path: sanctionPath(room, pseudonym) });
  }

  /** What is in force in one's own room, the latest decision first. */
  async sanctions(
    room: string,
    { limit, cursor }: { limit?: number; cursor?: string } = {},
  ): Promise<{ sanctions: SanctionInForce[]; next?: string }> {
    const path = `${pathOf(room)}/sanctions?${pageQuery(limit, cursor)}`;
    const answer = readObject(await this.#own({ method: 'GET', path }));
    const sanctions = readList(answer, 'sanctions').map(readSanction);
    return typeof answer.next === 'string' ? { sanctions, next: answer.next } : { sanctions };
  }

  /** @throws ProblemError `show_already_on` */
  async startShow(room: string): Promise<Show> {
    return this.#readShow(
      await this.#own({ method: 'POST', path: `${pathOf(room)}/shows`, body: { mode: 'public' } }),
    );
  }

  /** No show is on afterwards, whether one was or not. */
  async endShow(room: string): Promise<void> {
    await this.#own({ method: 'DELETE', path: `${pathOf(room)}/shows/current` });
  }

  /**
   * @param ticket its media half is used up by this
   * @param instead the access token of a guest's grant that this one takes the place of
   */
  async mediaGrant(room: string, ticket: string, instead?: string): Promise<MediaGrant> {
    const path = `${pathOf(room)}/media-grants`;
    const answer = readObject(
      await this.#call({
        method: 'POST',
        path,
        body: { ticket, ...(instead === undefined ? {} : { instead }) },
      }),
    );
    return {
      url: readText(answer, 'url'),
      accessToken: readText(answer, 'accessToken'),
      identity: readText(answer, 'identity'),
      expiresAt: readText(answer, 'expiresAt'),
    };
  }

  /** A still is where rooms is, and nowhere else: a page asks nobody but us. */
  #url(path: string): string {
    if (!path.startsWith('/v1/')) throw localProblem('not_understood', 'a still elsewhere');
    return `${this.#parts.endpoints.rooms}${path}`;
  }

  #readLiveRoom(value: unknown): LiveRoom {
    const room = readObject(value);
    return {
      roomId: readText(room, 'roomId'),
      slug: readText(room, 'slug'),
      title: readText(room, 'title'),
      tags: readTags(room),
      startedAt: readText(room, 'startedAt'),
      picture: room.picture === true,
      ...(typeof room.viewers === 'number' ? { viewers: room.viewers } : {}),
      ...(typeof room.still === 'string' ? { still: this.#url(room.still) } : {}),
    };
  }

  #readRoom(value: unknown): Room {
    const room = readObject(value);
    return {
      roomId: readText(room, 'roomId'),
      slug: readText(room, 'slug'),
      title: readText(room, 'title'),
      tags: readTags(room),
      menu: readMenu(room.menu),
      ...(room.goal === undefined ? {} : { goal: readGoal(room.goal) }),
      ...(room.show === undefined ? {} : { show: this.#readShow(room.show) }),
    };
  }

  #readShow(value: unknown): Show {
    const show = readObject(value);
    return {
      showId: readText(show, 'showId'),
      mode: readText(show, 'mode'),
      startedAt: readText(show, 'startedAt'),
      picture: show.picture === true,
      ...(typeof show.still === 'string' ? { still: this.#url(show.still) } : {}),
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

function pageQuery(limit: number | undefined, cursor: string | undefined): URLSearchParams {
  const query = new URLSearchParams();
  if (limit !== undefined) query.set('limit', `${limit}`);
  if (cursor !== undefined) query.set('cursor', cursor);
  return query;
}

function sanctionPath(room: string, pseudonym: string): string {
  return `${pathOf(room)}/sanctions/${encodeURIComponent(pseudonym)}`;
}

function pathOf(room: string): string {
  return `/v1/rooms/${encodeURIComponent(room)}`;
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

function readGoal(value: unknown): Goal {
  const goal = readObject(value);
  return {
    goalId: readText(goal, 'goalId'),
    title: readText(goal, 'title'),
    amount: readAmount(goal, 'amount'),
  };
}

const SANCTIONS: readonly string[] = ['silenced', 'removed', 'banned'] satisfies Sanction[];

function readSanction(value: unknown): SanctionInForce {
  const sanction = readObject(value);
  const what = readText(sanction, 'what');
  if (!SANCTIONS.includes(what)) throw localProblem('not_understood', `unknown sanction '${what}'`);
  return {
    pseudonym: readText(sanction, 'pseudonym'),
    what: what as Sanction,
    decidedAt: readText(sanction, 'decidedAt'),
    ...(sanction.until === undefined ? {} : { until: readText(sanction, 'until') }),
  };
}

function readTags(object: Record<string, unknown>): string[] {
  return readList(object, 'tags').filter((tag) => typeof tag === 'string');
}
