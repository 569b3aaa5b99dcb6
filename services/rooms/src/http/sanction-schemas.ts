import { IdSchema } from '@nightjar/contracts/ws-schemas';
import { Type } from 'typebox';
import type { SanctionInForce } from '../store/sanctions-in-force.ts';
import { RoomParams } from './schemas.ts';

export const SanctionParams = Type.Object({ ...RoomParams.properties, pseudonym: IdSchema('pn') });

export const SanctionView = Type.Object({
  pseudonym: Type.String(),
  what: Type.Enum(['silenced', 'removed', 'banned']),
  until: Type.Optional(Type.String({ description: 'RFC 3339; of a silence' })),
  decidedAt: Type.String({ description: 'RFC 3339' }),
});

export function sanctionView({ pseudonym, what, until, decidedAt }: SanctionInForce) {
  return {
    pseudonym,
    what,
    ...(until ? { until: until.toISOString() } : {}),
    decidedAt: decidedAt.toISOString(),
  };
}
