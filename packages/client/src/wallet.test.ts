import { expect, test } from '@jest/globals';
import { toBase64Url } from '@nightjar/sealed/base64url';
import { openTipOrder, tipOrderKeyRing, verifyTipOrder } from '@nightjar/sealed/node/open-tip-order';
import { generateRecipientKeyPair } from '@nightjar/sealed/recipient-keys';
import { checkProof } from '@nightjar/sealed/request-proof';
import { TIP_ORDER_SCHEME } from '@nightjar/sealed/seal-tip-order';
import type { HttpRequest } from './http.ts';
import { memoryKeys } from './key-store.ts';
import { PLATFORM } from './platform.ts';
import { ProblemError } from './problem-error.ts';
import { Wallet } from './wallet.ts';

const WALLET = 'wallet_00000000-0000-4000-8000-000000000000';
const SERVER_MS = 1_800_000_000_000;

/** A payments that checks proofs as the real one does. */
async function bench(deviceMs = SERVER_MS) {
  const { privateKey, publicKey } = await generateRecipientKeyPair();
  const asked: HttpRequest[] = [];
  const keys = memoryKeys();
  const http = async (request: HttpRequest): Promise<unknown> => {
    asked.push(request);
    const { method, path } = request;
    if (path === '/v1/payments/keys') {
      const key = { keyId: 'k1', publicKey: toBase64Url(publicKey) };
      return {
        scheme: TIP_ORDER_SCHEME,
        keys: [
          { ...key, keyId: 'k2', use: 'next' },
          { ...key, use: 'current' },
        ],
      };
    }
    const body = new TextEncoder().encode(request.body === undefined ? '' : JSON.stringify(request.body));
    const headers = (await request.prove?.(method, path, body)) ?? {};
    const expected = { method, path, body, now: SERVER_MS, maxAgeMs: 60_000 };
    try {
      await checkProof(headers['nightjar-proof'] ?? '', expected);
    } catch {
      throw new ProblemError({ code: 'proof_stale', title: '', retry: false, serverMs: SERVER_MS });
    }
    if (path === '/v1/wallets') return { walletId: WALLET };
    if (path.endsWith('/purchases')) return { purchaseId: 'p', amount: '5', state: 'credited' };
    return { walletId: WALLET, available: '12345678901234567', held: '0' };
  };
  const wallet = new Wallet({
    endpoints: { payments: 'http://x' },
    http,
    keys,
    platform: { ...PLATFORM, now: () => deviceMs },
  });
  return { wallet, asked, keys, ring: tipOrderKeyRing([{ keyId: 'k1', privateKey }]) };
}

test('an order opens for payments only as what it was, signed by the wallet', async () => {
  const { wallet, keys, ring } = await bench();
  const context = { tipId: 'tip_1', roomId: 'room_1' };
  const sealed = await wallet.order({ ...context, amount: 25n, itemId: 'buzz', expiresAt: SERVER_MS });
  const opened = openTipOrder(sealed, ring, context);
  verifyTipOrder(opened, (await keys.key('wallet')).publicKey);
  expect(opened.order).toEqual({
    ...context,
    amount: 25n,
    itemId: 'buzz',
    expiresAt: SERVER_MS,
    walletId: WALLET,
  });
});

test('the wallet is opened once and the key asked for once, until it is said to be old', async () => {
  const { wallet, asked } = await bench();
  const order = { tipId: 'tip_1', roomId: 'room_1', amount: 1n, expiresAt: SERVER_MS };
  await Promise.all([wallet.prepare(), wallet.order(order), wallet.order(order)]);
  expect(asked.map(({ path }) => path).toSorted()).toEqual(['/v1/payments/keys', '/v1/wallets']);
  wallet.forgetOrderKey();
  await wallet.order(order);
  expect(asked).toHaveLength(3);
});

test('amounts are whole beyond what a double holds', async () => {
  const { wallet } = await bench();
  expect(await wallet.balance()).toEqual({ available: 12345678901234567n, held: 0n });
});

test.each([-86_400_000, 86_400_000])(
  "a device's clock that is off by %i ms does not lock its wallet",
  async (offMs) => {
    const { wallet, asked } = await bench(SERVER_MS + offMs);
    await expect(wallet.buy(5n)).resolves.toMatchObject({ state: 'credited' });
    // Learned once: open, open again by the server's clock, buy.
    expect(asked.map(({ path }) => path)).toEqual([
      '/v1/wallets',
      '/v1/wallets',
      `/v1/wallets/${WALLET}/purchases`,
    ]);
    expect(asked[2]?.idempotencyKey).toMatch(/^[\w-]{16,64}$/);
  },
);
