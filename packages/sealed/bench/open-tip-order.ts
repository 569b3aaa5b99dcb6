/**
 * What opening and verifying one tip order costs, by our synchronous path and by @hpke/core on WebCrypto:
 * CPU time one after the other, then latency in a process whose event loop has other work.
 * Run it with `node packages/sealed/bench/open-tip-order.ts`.
 */
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { generateSigningKeyPair, verify } from '../src/keys.ts';
import { openTipOrder, tipOrderKeyRing, verifyTipOrder } from '../src/node/open-tip-order.ts';
import { generateRecipientKeyPair } from '../src/recipient-keys.ts';
import { sealTipOrder, TIP_ORDER_SCHEME, tipOrderInfo } from '../src/seal-tip-order.ts';
import { sealedBytes } from '../src/sealed-payload.ts';
import { encodeTipContext } from '../src/tip-context.ts';
import { decodeSignedTipOrder, signTipOrder } from '../src/tip-order.ts';

const order = {
  tipId: 'tip_0190a1b2-0000-7000-8000-000000000001',
  roomId: 'room_0190a1b2-0000-7000-8000-000000000002',
  walletId: 'wallet_4c1b1f5e-0000-4000-8000-000000000003',
  itemId: 'item_0190a1b2-0000-7000-8000-000000000004',
  amount: 25n,
  expiresAt: 1_800_000_000_000,
};
const wallet = await generateSigningKeyPair({ extractable: false });
const pair = await generateRecipientKeyPair();
const sealed = await sealTipOrder(await signTipOrder(order, wallet.privateKey), {
  keyId: 'k1',
  publicKey: pair.publicKey,
});
const ring = tipOrderKeyRing([{ keyId: 'k1', privateKey: pair.privateKey }]);

function byNode(): void {
  verifyTipOrder(openTipOrder(sealed, ring, order), wallet.publicKey);
}

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes128Gcm(),
});
// As a pair, or the library works the public half out anew each time.
const recipientKey = {
  privateKey: await suite.kem.importKey('raw', pair.privateKey.slice().buffer, false),
  publicKey: await suite.kem.importKey('raw', pair.publicKey.slice().buffer, true),
};
const info = tipOrderInfo('k1');

async function byWebCrypto(): Promise<void> {
  const bytes = sealedBytes(sealed, TIP_ORDER_SCHEME);
  const message = { recipientKey, enc: bytes.slice(0, 32).buffer, info };
  const plain = await suite.open(message, bytes.slice(32), encodeTipContext(order));
  const { message: text, signature } = decodeSignedTipOrder(new Uint8Array(plain));
  if (!(await verify(wallet.publicKey, text, signature))) throw new Error('not verified');
}

async function cpuMicros(work: () => void | Promise<void>): Promise<number> {
  const rounds = 2000;
  for (let i = 0; i < 500; i += 1) await work();
  const before = process.cpuUsage();
  for (let i = 0; i < rounds; i += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

async function latencyMs(work: () => void | Promise<void>): Promise<{ p50: number; p99: number }> {
  const rounds = 600;
  const busy = setInterval(() => {
    for (let i = 0; i < 8; i += 1) setImmediate(spin, 0.5);
  }, 10);
  const times: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 18));
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  clearInterval(busy);
  times.sort((a, b) => a - b);
  return { p50: times[rounds / 2] ?? 0, p99: times[Math.floor(rounds * 0.99)] ?? 0 };
}

for (const [name, work] of [
  ['node:crypto', byNode],
  ['WebCrypto', byWebCrypto],
] as const) {
  const cpu = await cpuMicros(work);
  const { p50, p99 } = await latencyMs(work);
  console.log(
    `${name.padEnd(12)} ${cpu.toFixed(0)} µs of CPU; in a 40 % busy loop p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
  );
}
