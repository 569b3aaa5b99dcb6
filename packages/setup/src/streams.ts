import { JetStreamApiError } from '@nats-io/jetstream';
import { AuthorizationError, PermissionViolationError } from '@nats-io/transport-node';
import type { Log } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { updateNats } from '@nightjar/kit/nats-provision';
import { SettingsError } from '@nightjar/kit/settings';
import { NATS_CONNECT_MS_MAX } from './limits.ts';
import { SetupError } from './setup-error.ts';
import { waitForServer } from './wait-for-server.ts';

/**
 * Waits for NATS, then makes the streams and buckets that are missing, and gives all of them so many copies.
 *
 * @param url with the user setup in it
 * @throws SetupError with the way out
 */
export async function setUpStreams(url: string, copies: number, log: Log): Promise<void> {
  try {
    await waitForServer(() => update(url, copies, log), {
      name: `NATS at ${new URL(url).host}`,
      peer: 'nats',
      isAway: isNatsAway,
      log,
    });
  } catch (error) {
    throw explained(error, copies) ?? error;
  }
}

async function update(url: string, copies: number, log: Log): Promise<void> {
  const nats = await connectNats(url, 'nightjar-setup', log, {
    firstWithinMs: NATS_CONNECT_MS_MAX,
    user: 'setup',
  });
  try {
    await updateNats(nats, copies);
  } finally {
    await nats.close();
  }
}

/** How JetStream says that too few of a cluster's servers are there, and that they have no leader yet. */
const NO_SUITABLE_PEERS = 10_005;
const NOT_NOW = 10_008;
/** How it says that there is no cluster, and that the account has no JetStream. */
const NO_CLUSTER = 10_074;
const NOT_ENABLED = [10_039, 10_076];

/** Whether the same may succeed a little later: a server on its way up, or a cluster whose servers come one by one. */
function isNatsAway(error: unknown): boolean {
  if (error instanceof JetStreamApiError) return [NO_SUITABLE_PEERS, NOT_NOW].includes(error.code);
  return !(error instanceof AuthorizationError || error instanceof SettingsError || permissionIn(error));
}

function explained(error: unknown, copies: number): SetupError | undefined {
  const said = (text: string) => new SetupError(text, { cause: error });
  if (error instanceof AuthorizationError)
    return said(
      'NATS refuses the user setup: give the password that NATS has as nats-password-setup, or restart NATS with ours',
    );
  const permission = permissionIn(error);
  if (permission)
    return said(
      `NATS does not let the user setup ${permission.operation} ${permission.subject}: docs/reference/nats-users.md has what each user may do`,
    );
  if (error instanceof SetupError && error.cause instanceof JetStreamApiError)
    return said(`${tooFew(copies)} (JetStream error ${error.cause.code})`);
  if (!(error instanceof JetStreamApiError)) return undefined;
  if (error.code === NO_CLUSTER) return said(tooFew(copies));
  if (NOT_ENABLED.includes(error.code))
    return said('NATS has no JetStream, or not for this account: turn it on');
  return said(`NATS does not make its streams as they should be (JetStream error ${error.code})`);
}

/** A question that may not be asked fails with what NATS refuses as its cause. */
function permissionIn(error: unknown): PermissionViolationError | undefined {
  if (error instanceof PermissionViolationError) return error;
  return error instanceof Error && error.cause instanceof PermissionViolationError ? error.cause : undefined;
}

function tooFew(copies: number): string {
  return `NATS cannot keep ${copies} copies: that takes a cluster of as many servers with JetStream. Set NIGHTJAR_STREAM_COPIES lower, or add servers`;
}
