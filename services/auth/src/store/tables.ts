import type { ColumnType, Generated } from 'kysely';

/** auth's tables as its own role sees them: see migrations/. */
export interface Tables {
  accounts: { id: string };
  device_keys: { public_key: Uint8Array; account_id: string };
  broadcasters: { id: string; account_id: string; active: Generated<boolean> };
  challenges: { hash: Uint8Array; expires_at: ColumnType<Date, Date, never> };
  signing_keys: {
    kid: string;
    public_key: Uint8Array;
    sealed_seed: Uint8Array;
    signs_from: ColumnType<Date, Date, never>;
  };
}
