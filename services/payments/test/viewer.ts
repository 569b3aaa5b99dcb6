import { randomUUID } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Output } from '@nightjar/contracts/gen/common/v1/effect_pb';
import type { TipRequestSchema } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { fromBase64Url } from '@nightjar/sealed/base64url';
import { generateSigningKeyPair, type SigningKeyPair } from '@nightjar/sealed/keys';
import { sealTipOrder } from '@nightjar/sealed/seal-tip-order';
import { signTipOrder, type TipOrder } from '@nightjar/sealed/tip-order';
import type pg from 'pg';
import { creditWallet, openWallet } from '../src/store/wallets.ts';

export const START_WITHIN_MS = 20_000;
const ORDER_MS = 60_000;

export const newTipId = () => `tip_${randomUUID()}`;
export const newRoomId = () => `room_${randomUUID()}`;

export interface Viewer {
  readonly walletId: string;
  readonly keys: SigningKeyPair;
}

/** A wallet with so many tokens in it. */
export async function newViewer(ledger: pg.Pool, tokens: bigint): Promise<Viewer> {
  const keys = await generateSigningKeyPair({ extractable: false });
  const walletId = await openWallet(ledger, `wallet_${randomUUID()}`, keys.publicKey);
  if (tokens > 0n)
    await creditWallet(ledger, {
      creditId: `credit_${randomUUID()}`,
      gateway: 'play',
      walletId,
      amount: tokens,
    });
  return { walletId, keys };
}

export interface TipWish {
  readonly roomId: string;
  readonly amount: bigint;
  readonly tipId?: string;
  /** Of the effect; without it the tip is paid at once. */
  readonly durationMs?: number;
  readonly startWithinMs?: number;
  readonly note?: string;
  /** What the order says differently from the request. */
  readonly lie?: Partial<TipOrder>;
  /** Who signs instead. */
  readonly signer?: SigningKeyPair;
}

/** A tip as events would forward it. */
export async function tipRequest(
  viewer: Viewer,
  sealTo: { keyId: string; publicKey: string },
  wish: TipWish,
): Promise<MessageInitShape<typeof TipRequestSchema>> {
  const { roomId, amount, tipId = newTipId(), durationMs, startWithinMs = START_WITHIN_MS } = wish;
  const itemId = durationMs === undefined ? undefined : 'buzz';
  const order: TipOrder = {
    tipId,
    roomId,
    walletId: viewer.walletId,
    amount,
    ...(itemId ? { itemId } : {}),
    expiresAt: Date.now() + ORDER_MS,
    ...wish.lie,
  };
  const signed = await signTipOrder(order, (wish.signer ?? viewer.keys).privateKey);
  const { scheme, keyId, bytes } = await sealTipOrder(signed, {
    keyId: sealTo.keyId,
    publicKey: fromBase64Url(sealTo.publicKey),
  });
  return {
    tipId,
    roomId,
    amount,
    ...(itemId
      ? {
          item: {
            itemId,
            name: 'Buzz',
            effect: {
              output: Output.VIBRATE,
              durationMs: durationMs ?? 0,
              points: [{ atMs: 0, level: 500 }],
            },
            startWithinMs,
          },
        }
      : {}),
    order: { scheme, keyId, bytes: fromBase64Url(bytes) },
    sender: Buffer.from('sealed sender'),
    ...(wish.note ? { note: { scheme: 'test', keyId: 'k', bytes: Buffer.from(wish.note) } } : {}),
  };
}
