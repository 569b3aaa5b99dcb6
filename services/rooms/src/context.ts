import type { EventsService } from '@nightjar/contracts/gen/events/v1/events_pb';
import type { GeofenceService } from '@nightjar/contracts/gen/geofence/v1/geofence_pb';
import type { Connection } from '@nightjar/fence/connection';
import type { AccessChecker } from '@nightjar/kit/access-token';
import type { Clock } from '@nightjar/kit/clock';
import type { Log } from '@nightjar/kit/log';
import type { RpcClient } from '@nightjar/kit/rpc-client';
import type { Removals } from './media/removals.ts';
import type { GrantFor } from './media/sign-grant.ts';
import type { MediaHolder } from './media/verify-grant.ts';
import type { Reconciler } from './reconciler/reconciler.ts';
import type { Database } from './store/tables.ts';

/** Everything impure that operations use. `service.ts` makes it; tests replace parts of it. */
export interface Context {
  readonly db: Database;
  readonly access: AccessChecker;
  readonly events: RpcClient<typeof EventsService>;
  readonly geofence: RpcClient<typeof GeofenceService>;
  readonly fence: Fence;
  readonly media: Media;
  readonly outbox: { nudge(partition: number): void };
  readonly removals: Pick<Removals, 'putOut'>;
  readonly reconciler: Pick<Reconciler, 'hint'>;
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
  readonly log: Log;
}

/** Who may know of a room, by the address that somebody asks from. The address is looked up and forgotten. */
export interface Fence {
  allows(roomId: string, connection: Connection): boolean;
}

export interface Media {
  /** LiveKit's address for clients. */
  readonly publicUrl: string;
  sign(grant: GrantFor): Promise<string>;
  /** Whom an access token of LiveKit's lets into which show; undefined: nobody. */
  /** @param leewayS by how much it may be over */
  holderOf(accessToken: string, leewayS?: number): Promise<MediaHolder | undefined>;
  /** What a webhook tells of. Throws when LiveKit did not sign it. */
  openWebhook(body: string, authorization: string | undefined): Promise<{ event: string; room: string }>;
}
