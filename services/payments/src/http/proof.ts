import { Problem } from '@nightjar/kit/problem';
import { type CheckedProof, checkProof } from '@nightjar/sealed/request-proof';
import { SealedError } from '@nightjar/sealed/sealed-error';
import type { FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { paymentsProblem } from '../errors.ts';
import { PROOF_MS_MAX } from '../limits.ts';

const NO_BYTES = new Uint8Array(0);

type Proven = Pick<FastifyRequest, 'method' | 'url' | 'headers' | 'rawBody'>;

/** Whoever sent this holds a wallet's key. Throws Problem: proof_missing, proof_invalid, proof_stale. */
export async function requireProof(
  { clock }: Pick<Context, 'clock'>,
  request: Proven,
): Promise<CheckedProof> {
  const proof = request.headers['nightjar-proof'];
  if (typeof proof !== 'string') throw paymentsProblem('proof_missing');
  try {
    return await checkProof(proof, {
      method: request.method,
      path: request.url,
      body: request.rawBody ?? NO_BYTES,
      now: clock.wall(),
      maxAgeMs: PROOF_MS_MAX,
    });
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (error instanceof SealedError && error.code === 'stale') throw paymentsProblem('proof_stale', error);
    // A key that is no point on the curve is the platform's to find.
    if (error instanceof SealedError || error instanceof DOMException)
      throw paymentsProblem('proof_invalid', error);
    throw error;
  }
}

/** Whoever sent this holds the key of this wallet. Throws Problem: as requireProof, and wallet_unknown, unavailable. */
export async function requireWallet(
  context: Pick<Context, 'clock' | 'walletKeys'>,
  request: Proven,
  walletId: string,
): Promise<CheckedProof> {
  const proof = await requireProof(context, request);
  const key = await context.walletKeys.get(walletId);
  if (!key || !Buffer.from(key).equals(proof.publicKeyRaw)) throw paymentsProblem('wallet_unknown');
  return proof;
}
