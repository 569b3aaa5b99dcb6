/** A random (v4) id such as `tip_3f0c…`: ids that cross a privacy boundary carry no time. */
export function randomId<P extends string>(prefix: P): `${P}_${string}` {
  return `${prefix}_${crypto.randomUUID()}`;
}

/** A new W3C traceparent, sampled: the trace of what begins here. */
export function newTrace(): string {
  return `00-${hex(16)}-${hex(8)}-01`;
}

function hex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (b) =>
    b.toString(16).padStart(2, '0'),
  ).join('');
}
