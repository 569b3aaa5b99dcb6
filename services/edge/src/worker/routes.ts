/** Everything that the edge passes requests on to. */
export type UpstreamName = 'auth' | 'rooms' | 'payments' | 'events' | 'geofence' | 'livekit';
export type PageName = 'index' | 'room' | 'studio';

/** Where a path leads. What is not listed here is not there, however a service would have answered. */
export type Route =
  | { readonly to: 'service'; readonly service: Exclude<UpstreamName, 'livekit'>; readonly room?: string }
  | { readonly to: 'socket' }
  | { readonly to: 'media' }
  | { readonly to: 'page'; readonly page: PageName; readonly found: boolean }
  | { readonly to: 'file'; readonly path: string; readonly lasting: boolean }
  | { readonly to: 'site' }
  | { readonly to: 'nothing' };

/** LiveKit's port also serves WHIP, agents and administration: what is let through is named. */
const MEDIA_PATHS: ReadonlySet<string> = new Set(['/rtc', '/rtc/validate', '/rtc/v1', '/rtc/v1/validate']);

/** Parts of a room that belong to another service than rooms. */
const OF_A_ROOM: Readonly<Record<string, 'events' | 'geofence' | 'payments'>> = {
  tickets: 'events',
  fence: 'geofence',
  earnings: 'payments',
};

const ASSET = /^\/assets\/[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const PUBLIC_FILE = /^\/[A-Za-z0-9_-]+\.(?:ico|png|svg|txt|webmanifest)$/;
/** Compressed siblings have no addresses of their own. */
const SIBLING = /\.(?:br|gz)$/;

/** Where the path of a URL leads, as `URL` normalises it: no dot segments are left in it. */
export function routeOf(path: string): Route {
  if (MEDIA_PATHS.has(path)) return { to: 'media' };
  if (path === '/v1' || path.startsWith('/v1/')) return ofService(path.split('/').slice(2));
  if (path === '/.well-known/jwks.json') return { to: 'service', service: 'auth' };
  if (path === '/site.json') return { to: 'site' };
  if (ASSET.test(path) && !SIBLING.test(path)) return { to: 'file', path, lasting: true };
  if (PUBLIC_FILE.test(path)) return { to: 'file', path, lasting: false };
  return ofPage(path);
}

// Segments are compared as they are: an escaped letter in one of our own words is not one of our own words.
function ofService([first, room, part]: readonly string[]): Route {
  switch (first) {
    case 'auth':
      return { to: 'service', service: 'auth' };
    case 'wallets':
    case 'payments':
      return { to: 'service', service: 'payments' };
    case 'socket':
      return { to: room === undefined ? 'socket' : 'nothing' };
    case 'rooms': {
      if (room === undefined) return { to: 'service', service: 'rooms' };
      const service = (Object.hasOwn(OF_A_ROOM, part ?? '') && OF_A_ROOM[part ?? '']) || 'rooms';
      return { to: 'service', service, room };
    }
    // LiveKit's webhooks come to rooms by the inside.
    default:
      return { to: 'nothing' };
  }
}

function ofPage(path: string): Route {
  if (path === '/' || path === '/wallet' || path === '/me') return { to: 'page', page: 'index', found: true };
  // Of a room that is not there the page finds out as it does of one that is: the shell is the same for every slug.
  if (/^\/r\/[^/]+$/.test(path)) return { to: 'page', page: 'room', found: true };
  if (path === '/studio' || path.startsWith('/studio/')) return { to: 'page', page: 'studio', found: true };
  return { to: 'page', page: 'index', found: false };
}

/** An id and a slug of rooms that cannot be: ids of rooms begin with a time, and no slug ends in those letters. */
const NO_ROOM_ID = 'room_00000000-0000-4000-8000-000000000000';
const NO_ROOM_SLUG = 'nobody-oiluoiluoilu';

/** The path with its room replaced by one that never was, of the same kind: an id by an id, a slug by a slug. */
export function withoutRoom(path: string): string {
  const parts = path.split('/');
  parts[3] = (parts[3] ?? '').startsWith('room_') ? NO_ROOM_ID : NO_ROOM_SLUG;
  return parts.join('/');
}
