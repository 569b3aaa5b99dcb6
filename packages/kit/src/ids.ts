import { randomBytes, randomUUID } from 'node:crypto';

/** A prefixed UUID, such as `tip_0190…`. The brand keeps one kind from standing in for another. */
export type Id<Prefix extends string> = `${Prefix}_${string}`;

/** Random (v4): for ids that cross a privacy boundary, where even a creation time would be a hint. */
export function randomId<P extends string>(prefix: P): Id<P> {
  return `${prefix}_${randomUUID()}`;
}

/** Ordered by time (RFC 9562, v7): for rows inside a service. */
export function orderedId<P extends string>(prefix: P, nowMs: number): Id<P> {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${prefix}_${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
