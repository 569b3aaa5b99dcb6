import { type Facts, toFacts } from '@nightjar/fence/facts';
import { clientAddress } from '@nightjar/kit/client-address';
import type { ConnectionFacts } from '@nightjar/kit/signed-facts';
import type { EdgeSettings } from './env.ts';

/** What the platform says of a connection: Cloudflare's facts, or workerd's address of the peer. */
export interface Platform {
  readonly clientIp?: unknown;
  readonly country?: unknown;
  readonly regionCode?: unknown;
  readonly asn?: unknown;
}

export type From = Pick<EdgeSettings, 'instance' | 'addressFrom' | 'trustedHops'>;

/**
 * What is known of where a request comes from. The address is Cloudflare's where Cloudflare is in front; else that of the
 * connection, or what a trusted hop says. No header of anybody else counts.
 *
 * @returns undefined when there is no address, as with a setting that does not fit the platform: then nobody can be let in.
 */
export function factsOf(
  headers: { get(name: string): string | null },
  platform: Platform | undefined,
  { instance, addressFrom, trustedHops }: From,
): ConnectionFacts | undefined {
  const address =
    addressFrom === 'cloudflare'
      ? (headers.get('cf-connecting-ip') ?? undefined)
      : behindHops(platform?.clientIp, headers.get('x-forwarded-for'), trustedHops);
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

function behindHops(
  clientIp: unknown,
  forwardedFor: string | null,
  trusted: readonly string[],
): string | undefined {
  const peer = typeof clientIp === 'string' ? withoutPort(clientIp) : undefined;
  return peer && clientAddress(peer, forwardedFor ?? undefined, new Set(trusted));
}

/** `192.0.2.1:4711` and `[2001:db8::1]:4711`, as workerd writes a peer. */
function withoutPort(peer: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(peer)?.[1] ?? /^([\d.]+):\d+$/.exec(peer)?.[1] ?? peer;
}

function regionOf(platform: Platform | undefined): string | undefined {
  const { country, regionCode } = platform ?? {};
  return typeof country === 'string' && typeof regionCode === 'string' && regionCode !== ''
    ? `${country}-${regionCode}`
    : undefined;
}
