import type { Geoip } from '@nightjar/fence/mmdb';
import type { PolicyWatch } from '@nightjar/fence/node/watch-policies';
import type { Fence } from './context.ts';

/** Decides with what the local database knows of an address, which is looked up anew for each decision and kept nowhere. */
export function fenceBy(policies: Pick<PolicyWatch, 'decide'>, geoip: Geoip): Fence {
  return {
    allows: (roomId, address) => policies.decide(roomId, { ...geoip.lookup(address), address }) === 'allowed',
  };
}
