import { isCountry, isRegion } from './places.ts';

/**
 * What is known of where a connection comes from. A fact that is missing is unknown, which is never the same as
 * 'no'. Facts live as long as the connection and are never kept with an account.
 */
export interface Facts {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country?: string;
  /** ISO 3166-2, upper case, such as `DE-BY`. */
  readonly region?: string;
  /** The network's number (ASN), from 1 to 4294967295. */
  readonly asn?: number;
  /** Whether it comes out of Tor, a VPN or an open proxy. */
  readonly anonymizer?: boolean;
  /** IPv4 or IPv6 as text; present only while a decision needs it. */
  readonly address?: string;
}

/** Facts as a proxy or a database gives them: of any type, in any case, with codes that mean 'no idea'. */
export type RawFacts = { readonly [K in keyof Facts]?: unknown };

/** The largest network number (RFC 6793). */
export const ASN_MAX = 2 ** 32 - 1;

/** Cloudflare's country code for Tor. */
const TOR = 'T1';

/**
 * Takes from raw facts what can be relied upon; the rest stays unknown. Codes that are no assigned country
 * (Cloudflare's `XX`, a registry's `EU` or `ZZ`) are unknown; `T1`, Tor, is an anonymizer in an unknown country.
 * An address is passed on as it is.
 */
export function toFacts(raw: RawFacts): Facts {
  const country = upperCase(raw.country);
  const region = upperCase(raw.region);
  const { asn, address } = raw;
  const anonymizer = country === TOR ? true : raw.anonymizer;
  return {
    ...(country !== undefined && isCountry(country) ? { country } : {}),
    ...(region !== undefined && isRegion(region) ? { region } : {}),
    ...(isAsn(asn) ? { asn } : {}),
    ...(typeof anonymizer === 'boolean' ? { anonymizer } : {}),
    ...(typeof address === 'string' ? { address } : {}),
  };
}

/** Whether this is a network's number; 0 is reserved and stands for none. */
export function isAsn(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= ASN_MAX;
}

function upperCase(value: unknown): string | undefined {
  return typeof value === 'string' ? value.toUpperCase() : undefined;
}
