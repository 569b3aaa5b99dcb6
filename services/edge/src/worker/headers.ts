import type { PageName } from './routes.ts';

/**
 * All that a service gets of a client's headers. Nothing by which a browser can be told from another, no cookie, and none
 * that says who a client is: those are ours to say.
 */
const TO_SERVICES = [
  'accept',
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'nightjar-proof',
  'traceparent',
] as const;

/** A path that is no socket's is never asked to become one. */
const TO_SOCKETS = ['sec-websocket-protocol', 'upgrade'] as const;

export function towardService(from: Headers): Headers {
  return only(TO_SERVICES, from);
}

/** For events, which knows its caller by the first message alone, and for LiveKit, whose access token is put in by the gate. */
export function towardSocket(from: Headers): Headers {
  return only(TO_SOCKETS, from);
}

function only(names: readonly string[], from: Headers): Headers {
  const headers = new Headers();
  for (const name of names) {
    const value = from.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

export interface Origin {
  readonly https: boolean;
  /** `host` or `host:port`. */
  readonly host: string;
}

/** The origin as people see it. */
export function originOf(url: URL, publicOrigin: string): Origin {
  const { protocol, host } = publicOrigin === '' ? url : new URL(publicOrigin);
  return { https: protocol === 'https:', host };
}

/** For every answer, whatever it is. */
export function commonHeaders({ https }: Origin): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    ...(https ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  };
}

/** For answers that are no page: should a browser show one all the same, it does nothing. */
export const INERT_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Intiface, which listens on the broadcaster's own machine. */
const OWN_MACHINE = ['ws://127.0.0.1:*', 'ws://localhost:*'];

function contentPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    `connect-src ${connect.join(' ')}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The origin's own sockets are named: not every browser takes 'self' to mean them. */
function ownSockets({ https, host }: Origin): string[] {
  return ["'self'", `${https ? 'wss' : 'ws'}://${host}`];
}

/** Features that pages have no use for, and those that a page has. */
const FEATURES_OFF = [
  'accelerometer',
  'autoplay',
  'bluetooth',
  'browsing-topics',
  'camera',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'local-network',
  'local-network-access',
  'loopback-network',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
] as const;
type Feature = (typeof FEATURES_OFF)[number];

const FEATURES_OF: Readonly<Record<PageName, readonly Feature[]>> = {
  index: [],
  room: ['autoplay', 'fullscreen', 'picture-in-picture'],
  studio: [
    'autoplay',
    'bluetooth',
    'camera',
    'display-capture',
    'fullscreen',
    'gamepad',
    // Intiface, by the newer name and by the older one.
    'local-network-access',
    'loopback-network',
    'microphone',
    'screen-wake-lock',
  ],
};

export function pageHeaders(page: PageName, origin: Origin): Record<string, string> {
  const own = FEATURES_OF[page];
  return {
    'content-security-policy': contentPolicy([
      ...ownSockets(origin),
      ...(page === 'studio' ? OWN_MACHINE : []),
    ]),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': FEATURES_OFF.map(
      (feature) => `${feature}=${own.includes(feature) ? '(self)' : '()'}`,
    ).join(', '),
  };
}

/**
 * For files. A Worker's rights come with its script and not from the page that starts it, and the bridge is one that speaks
 * to a device engine: so scripts have the studio's. What a page may do is still the page's.
 */
export function fileHeaders(path: string, origin: Origin): Record<string, string> {
  const policy = path.endsWith('.js') ? contentPolicy([...ownSockets(origin), ...OWN_MACHINE]) : INERT_POLICY;
  return { 'content-security-policy': policy };
}
