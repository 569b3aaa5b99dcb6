/** Where each service answers: base URLs without a slash at the end. */
export interface Endpoints {
  readonly auth: string;
  readonly rooms: string;
  readonly payments: string;
  readonly events: string;
  readonly geofence: string;
}

const NAMES = ['auth', 'rooms', 'payments', 'events', 'geofence'] as const satisfies (keyof Endpoints)[];

/**
 * All services behind one origin, as an edge has them.
 *
 * @throws TypeError when it is not an http or https URL.
 */
export function endpointsAt(origin: string): Endpoints {
  const base = toBase(origin);
  return { auth: base, rooms: base, payments: base, events: base, geofence: base };
}

/**
 * Endpoints out of parsed JSON, as `scripts/start` writes them.
 *
 * @throws TypeError when one is missing or not an http or https URL.
 */
export function readEndpoints(value: unknown): Endpoints {
  if (typeof value !== 'object' || value === null) throw new TypeError('endpoints are a JSON object');
  const given = value as Record<string, unknown>;
  const read = (name: keyof Endpoints): string => {
    const url = given[name];
    if (typeof url !== 'string') throw new TypeError(`endpoints lack '${name}'`);
    return toBase(url);
  };
  const [auth, rooms, payments, events, geofence] = NAMES.map(read) as [
    string,
    string,
    string,
    string,
    string,
  ];
  return { auth, rooms, payments, events, geofence };
}

/** `http://host/x` → `ws://host/x`. */
export function toSocketUrl(url: string): string {
  return url.replace(/^http/, 'ws');
}

function toBase(text: string): string {
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError(`not an http or https URL: ${text}`);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
