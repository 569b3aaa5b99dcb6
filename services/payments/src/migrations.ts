/** The SQL files that make each of the two schemas. */
export const MIGRATIONS = {
  ledger: new URL('../migrations/ledger/', import.meta.url),
  billing: new URL('../migrations/billing/', import.meta.url),
} as const;
