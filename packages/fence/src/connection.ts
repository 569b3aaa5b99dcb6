import type { ConnectionFacts } from '@nightjar/kit/signed-facts';
import type { Facts } from './facts.ts';
import type { Geoip } from './mmdb.ts';

/** What a service knows of a connection: an HTTP request of kit's is one. */
export interface Connection {
  readonly clientAddress: string;
  /** What the edge that it came through says. */
  readonly facts?: ConnectionFacts | undefined;
}

/**
 * The facts to decide by: the edge's, and what a local database knows of the address where the edge says nothing. For one
 * who comes out of an anonymizer the database is not asked: it knows where the anonymizer stands, and not where they are.
 */
export function factsOf({ clientAddress, facts }: Connection, geoip: Pick<Geoip, 'lookup'>): Facts {
  if (!facts) return { ...geoip.lookup(clientAddress), address: clientAddress };
  const { edge: _, ...known } = facts;
  if (known.anonymizer === true || known.country !== undefined) return known;
  return { ...geoip.lookup(known.address), ...known };
}
