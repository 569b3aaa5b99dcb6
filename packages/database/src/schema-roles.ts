/** A service's role in PostgreSQL, and the one schema that it owns. */
export interface SchemaRole {
  readonly service: string;
  readonly role: string;
  readonly schema: string;
}

/** Every role of an installation. Nothing else in the project lists them. */
export const SCHEMA_ROLES = [
  { service: 'auth', role: 'auth', schema: 'auth' },
  { service: 'rooms', role: 'rooms', schema: 'rooms' },
  { service: 'payments', role: 'billing', schema: 'billing' },
  { service: 'payments', role: 'ledger', schema: 'ledger' },
  { service: 'geofence', role: 'geofence', schema: 'geofence' },
] as const satisfies readonly SchemaRole[];

export type RoleName = (typeof SCHEMA_ROLES)[number]['role'];
