import { createHash } from 'node:crypto';

/** What a viewer asked for: the same tip again is the same in all of it. */
export interface TipContent {
  readonly roomId: string;
  readonly walletId: string;
  readonly amount: bigint;
  readonly itemId?: string;
  readonly note?: { readonly scheme: string; readonly keyId: string; readonly bytes: Uint8Array };
}

/**
 * SHA-256 over a tip's content, 32 bytes. Not in it: the effect and the name of the item, which are the menu's and may
 * have changed since; the order's seal and expiry and the sender's seal, which differ each time they are made.
 */
export function tipDigest({ roomId, walletId, amount, itemId, note }: TipContent): Buffer {
  const parts = [
    roomId,
    walletId,
    amount.toString(),
    itemId ?? null,
    note ? [note.scheme, note.keyId, Buffer.from(note.bytes).toString('base64')] : null,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
