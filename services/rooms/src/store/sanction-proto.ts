import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Sanction } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { SanctionInForce } from './sanctions-in-force.ts';

const PROTO = {
  silenced: Sanction.SILENCED,
  removed: Sanction.REMOVED,
  banned: Sanction.BANNED,
} as const;

/** A sanction for the bus. */
export function sanctionToProto({ pseudonym, what, until }: SanctionInForce) {
  return { pseudonym, sanction: PROTO[what], ...(until ? { until: timestampFromDate(until) } : {}) };
}
