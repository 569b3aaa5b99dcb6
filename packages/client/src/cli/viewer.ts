import type { Endpoints } from '../endpoints.ts';
import { createHttpClient, type HttpClient } from '../http.ts';
import { Identity } from '../identity.ts';
import type { KeeperPins } from '../keeper-pins.ts';
import type { KeyStore } from '../key-store.ts';
import { keeperPinFiles } from '../node/keeper-pin-files.ts';
import { keyFiles } from '../node/key-files.ts';
import { localProblem, ProblemError } from '../problem-error.ts';
import { RoomConnection } from '../room-connection.ts';
import { type Room, Rooms } from '../rooms.ts';
import { Wallet } from '../wallet.ts';
import type { Options } from './arguments.ts';
import type { Printer } from './printer.ts';

/** What the commands work with. */
export interface Viewer {
  readonly options: Options;
  readonly out: Printer;
  readonly rooms: Rooms;
  readonly wallet: Wallet;
  /** Whom this user has believed to keep rooms' chat keys. */
  readonly pins: KeeperPins;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly stdin: AsyncIterable<string | Uint8Array>;
  join(room: Room, as: 'guest' | 'viewer'): RoomConnection;
}

export interface ViewerParts extends Pick<Viewer, 'options' | 'out' | 'signal' | 'stdin'> {
  readonly endpoints: Endpoints;
  readonly keyFolder: string;
}

export function createViewer({ endpoints, keyFolder, ...rest }: ViewerParts): Viewer {
  const http: HttpClient = createHttpClient();
  const keys: KeyStore = keyFiles(keyFolder);
  const identity = new Identity({ endpoints, http, keys });
  return {
    ...rest,
    rooms: new Rooms({ endpoints, http }),
    wallet: new Wallet({ endpoints, http, keys }),
    pins: keeperPinFiles(keyFolder),
    join: ({ roomId }, as) => new RoomConnection({ endpoints, http, roomId, as, identity }),
  };
}

/**
 * The room that is meant: by its id or slug, or the live one.
 *
 * @throws ProblemError
 */
export async function findRoom({ rooms }: Viewer, name?: string): Promise<Room> {
  if (name !== undefined) return rooms.get(name);
  const { rooms: live } = await rooms.list({ limit: 2 });
  const [only] = live;
  if (!only) {
    const title = 'No room is live. Name one, or come back when a show is on.';
    throw new ProblemError({ code: 'no_live_room', title, retry: true });
  }
  return rooms.get(only.roomId);
}

/** How long a command waits to come into a room. */
const JOIN_MS_MAX = 15_000;

/** Waits for a room to be live, as long as a person would. @throws ProblemError with the last failure */
export async function comeIn({ signal }: Viewer, connection: RoomConnection): Promise<void> {
  const limit = AbortSignal.timeout(JOIN_MS_MAX);
  try {
    await connection.live(AbortSignal.any([signal, limit]));
  } catch (error) {
    const { reason } = connection;
    if (!limit.aborted || signal.aborted) throw error;
    if (!reason) throw localProblem('timed_out');
    throw new ProblemError({ code: reason.code, title: reason.why, retry: true });
  }
}
