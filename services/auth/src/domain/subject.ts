import { createHmac } from 'node:crypto';

const DOMAIN = 'nightjar/subject/v1';

/**
 * What an account is called towards one audience: stable there, and without the key neither traceable to the account nor
 * to what the same account is called elsewhere. For a room it is the room-scoped pseudonym (`pn_…`), otherwise `sub_…`.
 */
export function pairwiseSubject(pseudonymKey: Uint8Array, accountId: string, audience: string): string {
  const bytes = createHmac('sha256', pseudonymKey)
    .update(`${DOMAIN}\n${accountId}\n${audience}`)
    .digest()
    .subarray(0, 16);
  // The shape of a random UUID (RFC 9562, v4), since to everybody else it is one.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return `${audience.startsWith('room:') ? 'pn' : 'sub'}_${uuid}`;
}
