import { factsOf } from '@nightjar/fence/connection';
import type { Geoip } from '@nightjar/fence/mmdb';
import type { PolicyWatch } from '@nightjar/fence/node/watch-policies';
import type { Fence } from './context.ts';

/** Decides by what the edge or the local database knows of a connection, which is looked at anew for each decision and kept nowhere. */
export function fenceBy(policies: Pick<PolicyWatch, 'decide'>, geoip: Geoip): Fence {
  return {
    allows: (roomId, connection) => policies.decide(roomId, factsOf(connection, geoip)) === 'allowed',
  };
}
