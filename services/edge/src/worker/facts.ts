import { type Facts, toFacts } from '@nightjar/fence/facts';
import { clientAddress, type TrustedHops } from '@nightjar/kit/client-address';
import type { ConnectionFacts } from '@nightjar/kit/signed-facts';
import type { EdgeSettings } from './env.ts';

/** What the platform says of a connection: Cloudflare's facts, or workerd's address of the peer. */
export interface Platform {
  readonly clientIp?: unknown;
  readonly country?: unknown;
  readonly regionCode?: unknown;
  readonly asn?: unknown;
}

export type From = Pick<EdgeSettings, 'instance' | 'addressFrom'> & { readonly hops: TrustedHops };

/**
 * What is known of where a request comes from. The address is Cloudflare's where Cloudflare is in front; else that of the
 * connection, or what a trusted hop says. No header of anybody else counts.
 *
 * @returns undefined when there is no address, as with a setting that does not fit the platform: then nobody can be let in.
 */
export function factsOf(
  headers: { get(name: string): string | null },
  platform: Platform | undefined,
  { instance, addressFrom, hops }: From,
): ConnectionFacts | undefined {
  const address =
    addressFrom === 'cloudflare'
      ? (headers.get('cf-connecting-ip') ?? undefined)
      : behindHops(platform?.clientIp, headers.get('x-forwarded-for'), hops);
  if (!address) return undefined;
  const { address: _, ...known } = toFacts({
    country: platform?.country,
    region: regionOf(platform),
    asn: platform?.asn,
  });
  return { ...known, edge: instance, address };
}

/** The facts that a fence decides by. */
export function fenceFacts({ edge: _, ...facts }: ConnectionFacts): Facts {
  return facts;
}

function behindHops(clientIp: unknown, forwardedFor: string | null, hops: TrustedHops): string | undefined {
  return typeof clientIp === 'string' ? clientAddress(clientIp, forwardedFor ?? undefined, hops) : undefined;
}

function regionOf(platform: Platform | undefined): string | undefined {
  const { country, regionCode } = platform ?? {};
  return typeof country === 'string' && typeof regionCode === 'string' && regionCode !== ''
    ? `${country}-${regionCode}`
    : undefined;
}
