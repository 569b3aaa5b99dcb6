/** Where a client is, behind proxies. Nothing of Node in here: the edge, which is a Worker, asks the same file. */
import {
  type AddressBytes,
  formatAddress,
  parseAddress,
  parseRange,
  type Range,
  rangeContains,
} from './cidr.ts';

/** Proxies whose X-Forwarded-For is believed. */
export type TrustedHops = readonly Range[];

/** Entries of the list at most. */
const HOPS_MAX = 256;
/** Made as an address or a range is: no longer than the longest of them, with something between its numbers. */
const LIKE_A_RANGE = /^(?=.*[.:])[\da-fA-F.:/]{1,49}$/;

/**
 * Reads addresses and ranges (`10.0.0.0/8`, `fd00::/8`) of hops.
 *
 * @throws RangeError that names the entry at fault
 */
export function trustedHops(entries: readonly string[]): TrustedHops {
  if (entries.length > HOPS_MAX) throw new RangeError(`at most ${HOPS_MAX} addresses and ranges`);
  return entries.map((entry, index) => {
    // Shown only when it is made as addresses are: it may be a secret that was put into the wrong variable.
    const named = LIKE_A_RANGE.test(entry) ? `entry ${index + 1}, ${entry},` : `entry ${index + 1}`;
    const range = parseRange(entry);
    if (!range)
      throw new RangeError(`${named} is no address and no range, such as 192.0.2.1, 10.0.0.0/8 or fd00::/8`);
    if (range.prefixBits === 0)
      throw new RangeError(`${named} is everybody: then anybody could say that they come from anywhere`);
    return range;
  });
}

/**
 * The client's address: the connection's own, or, when that is a trusted hop, what the hop says. Of several
 * X-Forwarded-For entries the last that is not itself a trusted hop counts; everything before it may be invented. A hop that
 * says no address (nothing, or a word such as `unknown`) is itself the client.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | string[] | undefined,
  hops: TrustedHops,
): string {
  const own = addressIn(peer);
  if (!own) return peer;
  const said = [forwardedFor ?? []]
    .flat()
    .flatMap((header) => header.split(','))
    .filter((entry) => entry.trim() !== '');
  let address = own;
  while (hops.some((range) => rangeContains(range, address))) {
    const previous = addressIn(said.pop() ?? '');
    if (!previous) break;
    address = previous;
  }
  return formatAddress(address);
}

/** An address alone, or with the port that some write behind it: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function addressIn(text: string): AddressBytes | undefined {
  const written = text.trim();
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(written) ?? [];
  const [, beforePort] = /^([\d.]+):\d+$/.exec(written) ?? [];
  return parseAddress(bracketed ?? beforePort ?? written);
}
