import { setTimeout as pause } from 'node:timers/promises';
import {
  AuthorizationError,
  type ConnectionOptions,
  connect,
  errors,
  type NatsConnection,
  PermissionViolationError,
  type TlsOptions,
} from '@nats-io/transport-node';
import type { NatsUser } from '@nightjar/contracts/nats-permissions';
import { inboxPrefix } from '@nightjar/contracts/subjects';
import type { Log } from './log.ts';
import { SettingsError } from './settings.ts';

/** A peer that does not answer two pings is gone, whatever TCP says. */
const PING_EVERY_MS = 1_000;
const PINGS_OUT_MAX = 2;
const RECONNECT_MS = 200;
/** The first try that fails at the start is said, and then each so many-th. */
const SAY_EVERY = 50;
/** A server that is busy refuses a sign-in that took too long with the same words, so that once says nothing. */
const SIGN_INS_MAX = 2;
/** How the library says that a server which it was to meet over TLS does not offer it. */
const NO_TLS = "server does not support 'tls'";

export interface NatsOptions {
  /** Rejects when the first connection has not come in so many milliseconds; otherwise it is waited for, however long. */
  readonly firstWithinMs?: number;
  /** Whose inboxes it takes answers in; without one, in those that everybody has. */
  readonly user?: NatsUser;
}

/**
 * Connects, for the life of the process: goes on trying at start and after every loss. A name and a password, or a token
 * in the name's place, may stand in the URL. Of `tls://` nothing is said before TLS holds, with a certificate of an authority
 * that Node knows, or that NODE_EXTRA_CA_CERTS names. What the server does not let us say or hear is logged as
 * `nats_permission_refused`, and does no more harm than that.
 *
 * @throws AuthorizationError when the server does not let us in at the start; later it is asked again, and readiness is off.
 * @throws SettingsError when the URL says `tls://` and the server offers none at the start; later the same holds.
 */
export async function connectNats(
  url: string,
  name: string,
  log: Log,
  { firstWithinMs, user }: NatsOptions = {},
): Promise<NatsConnection> {
  const options: ConnectionOptions = {
    ...signIn(url),
    name,
    ...(user === undefined ? {} : { inboxPrefix: inboxPrefix(user) }),
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_MS,
    // A password that is changed and set back must not end us in between.
    ignoreAuthErrorAbort: true,
    ...(firstWithinMs === undefined ? {} : { timeout: firstWithinMs }),
    pingInterval: PING_EVERY_MS,
    maxPingOut: PINGS_OUT_MAX,
    // A stack for each request costs more than the request.
    noAsyncTraces: true,
  };
  const nc = await (firstWithinMs === undefined ? firstConnection(options, log) : connectOnce(options));
  void (async () => {
    for await (const status of nc.status()) {
      if (status.type === 'disconnect' || status.type === 'reconnect') log.warn(`nats_${status.type}`);
      if (status.type === 'error') logError(status.error, log);
    }
  })();
  return nc;
}

async function connectOnce(options: ConnectionOptions): Promise<NatsConnection> {
  try {
    return await connect(options);
  } catch (error) {
    if (!(error instanceof errors.ConnectionError && error.message === NO_TLS)) throw error;
    throw new SettingsError(
      "NATS's URL says tls://, but the server offers no TLS, so it was told nothing: turn TLS on there, or write nats:// where the way to it is safe",
      { cause: error },
    );
  }
}

async function firstConnection(options: ConnectionOptions, log: Log): Promise<NatsConnection> {
  for (let [attempt, refused] = [1, 0]; ; attempt += 1) {
    try {
      return await connectOnce(options);
    } catch (error) {
      if (error instanceof SettingsError) throw error;
      if (error instanceof AuthorizationError && ++refused === SIGN_INS_MAX) throw error;
      if (attempt % SAY_EVERY === 1) log.warn('nats_waits', { attempt, error });
      await pause(RECONNECT_MS);
    }
  }
}

function logError(error: Error, log: Log): void {
  if (error instanceof PermissionViolationError)
    log.error('nats_permission_refused', { code: error.operation, method: error.subject });
  else if (error instanceof AuthorizationError) log.error('nats_sign_in_refused');
  else log.warn('nats_error', { error });
}

interface SignIn {
  readonly servers: string;
  readonly tls?: TlsOptions;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
}

/** How to reach and enter a server. The library passes over what stands before a host in a URL, and over `tls://` too. */
export function signIn(url: string): SignIn {
  const server = new URL(url);
  const [user, pass] = [decodeURIComponent(server.username), decodeURIComponent(server.password)];
  // Without it the library would say a password in the clear to whoever answers that there is no TLS.
  const tls = server.protocol === 'tls:' ? { tls: {} } : {};
  if (user === '') return { servers: url, ...tls };
  server.username = '';
  server.password = '';
  return { servers: server.href, ...tls, ...(pass === '' ? { token: user } : { user, pass }) };
}
