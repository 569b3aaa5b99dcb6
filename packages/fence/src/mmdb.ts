import { createRequire } from 'node:module';
import { formatAddress, parseAddress } from '@nightjar/kit/cidr';
import { type CountryResponse, open } from 'maxmind';
import { type Facts, toFacts } from './facts.ts';

/**
 * What an address tells by a local database. The facts leave the address out, and nothing here remembers it: who
 * decides by a policy with ranges adds it for that one decision.
 */
export interface Geoip {
  /** Facts without the address. All is unknown for text that is no address, and for what the database lacks. */
  readonly lookup: (address: string) => Facts;
  /** When the data was made: facts from old data are wrong ever more often. */
  readonly builtAt: Date;
}

/** The shapes that are understood: flat, as ip-location-db writes it, and nested, as MaxMind does. */
interface GeoipRecord {
  readonly country_code?: unknown;
  readonly country?: { readonly iso_code?: unknown };
  readonly autonomous_system_number?: unknown;
}

/**
 * Opens a database in the MaxMind DB format 2.0. Node only. It is read into memory whole, 8 MB for the data that
 * comes along; one lookup takes microseconds.
 *
 * @throws when the file cannot be read or is no such database.
 */
export async function openGeoip(file: string): Promise<Geoip> {
  const reader = await open<CountryResponse>(file);
  return {
    lookup: (text) => {
      const address = parseAddress(text);
      // Formatted anew, because the reader knows no IPv4-mapped IPv6 addresses.
      const record: GeoipRecord | null = address === undefined ? null : reader.get(formatAddress(address));
      if (record === null) return {};
      return toFacts({
        country: record.country_code ?? record.country?.iso_code,
        asn: record.autonomous_system_number,
      });
    },
    builtAt: reader.metadata.buildEpoch,
  };
}

/** The file of the country data that this package depends on: IPv4 and IPv6, no regions, networks or anonymizers. */
export function bundledGeoipFile(): string {
  return createRequire(import.meta.url).resolve(
    '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb',
  );
}
