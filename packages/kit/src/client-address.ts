/**
 * The client's address: the connection's own, or, when that is a named trusted hop, what the hop says. Of several
 * X-Forwarded-For entries the last that is not itself a trusted hop counts; everything before it may be invented.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | string[] | undefined,
  trusted: ReadonlySet<string>,
): string {
  const chain = [forwardedFor ?? []]
    .flat()
    .flatMap((header) => header.split(','))
    .map((part) => plain(part.trim()))
    .filter(Boolean);
  let address = plain(peer);
  while (trusted.has(address)) {
    const previous = chain.pop();
    if (previous === undefined) break;
    address = previous;
  }
  return address;
}

/** An IPv4 address that a dual-stack socket shows as IPv6 is that IPv4 address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
