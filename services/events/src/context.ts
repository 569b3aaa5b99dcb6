import type { Connection } from '@nightjar/fence/connection';
import type { Facts } from '@nightjar/fence/facts';
import type { AccessChecker } from '@nightjar/kit/access-token';
import type { AddressLimits } from '@nightjar/kit/address-limits';
import type { Clock } from '@nightjar/kit/clock';
import type { Log } from '@nightjar/kit/log';
import type { OpenSender } from './domain/log-entry.ts';
import type { Dependencies } from './live/dependencies.ts';
import type { Edges } from './live/edge-going.ts';
import type { Hub } from './live/hub.ts';
import type { RoomLog } from './log/room-log.ts';
import type { Tickets } from './log/tickets.ts';
import type { Metrics } from './metrics.ts';
import type { Neighbours } from './neighbours.ts';

/** The fence as this service asks it. */
export interface Fence {
  allows(roomId: string, facts: Facts): boolean;
}

/** Everything that is not pure, in one place. */
export interface Context {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly neighbours: Neighbours;
  readonly access: AccessChecker;
  readonly fence: Fence;
  readonly factsOf: (connection: Connection) => Facts;
  readonly roomLog: RoomLog;
  /** The same, by a connection of its own that gives up early: a permit that comes late is worth nothing. */
  readonly permits: Pick<RoomLog, 'permit'>;
  readonly tickets: Tickets;
  /** By client address. */
  readonly ticketLimits: AddressLimits;
  readonly hub: Hub;
  readonly edges: Edges;
  readonly dependencies: Dependencies;
  readonly openSender: OpenSender;
  readonly closeSender: (pseudonym: string, tip: { tipId: string; roomId: string }) => Uint8Array;
  /** Set while the pod goes: no new sockets, and after the hand-over no permits. */
  readonly drain: { going: boolean; permitsEnded: boolean };
}
