import type { ColumnType, Generated } from 'kysely';

/** geofence's tables as its own role sees them: see migrations/. `rules` goes in as JSON text. */
export interface Tables {
  fences: {
    room_id: string;
    broadcaster_id: string;
    version: bigint;
    rules: ColumnType<unknown, string, string>;
  };
  policy_versions: {
    room_id: string;
    version: bigint;
    rules: ColumnType<unknown, string, never>;
    made_at: Generated<Date>;
  };
}
