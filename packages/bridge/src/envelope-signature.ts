/** The broadcaster's envelope by her own hand: signed by her device's key, and verified next to the device. */
import { type Envelope, isEnvelope } from './machine/envelope.ts';
import {
  bytesOfFields,
  fieldsOfBytes,
  openBytes,
  type SignedBytes,
  type SigningPair,
  sameBytes,
  signBytes,
} from './signed-bytes.ts';

/** An envelope, the room that it is for, and when it was signed: a later one takes the place of an earlier one. */
export interface EnvelopeBody {
  readonly roomId: string;
  readonly envelope: Envelope;
  /** ms since 1970, by the signer's clock. */
  readonly signedAtMs: number;
}

export type SignedEnvelope = SignedBytes;

const DOMAIN = 'nightjar.envelope.v1\n';

/** Signs an envelope. Throws RangeError on one that the machine would not take. */
export async function signEnvelope(key: SigningPair, body: EnvelopeBody): Promise<SignedEnvelope> {
  if (!isEnvelopeBody(body)) throw new RangeError('not an envelope');
  return signBytes(key, envelopeBytes(body));
}

/**
 * Reads a signed envelope.
 * @param publicKey the 32 raw bytes of the broadcaster's device key: nobody else's word counts
 * @returns undefined when anything about it is wrong: encoding, canonical form, values, room, key or signature
 */
export async function verifyEnvelope(
  signed: SignedEnvelope,
  roomId: string,
  publicKey: Uint8Array,
): Promise<EnvelopeBody | undefined> {
  const bytes = await openBytes(signed, publicKey);
  const body = bytes === undefined ? undefined : parse(bytes);
  return body?.roomId === roomId ? body : undefined;
}

function envelopeBytes({ roomId, envelope, signedAtMs }: EnvelopeBody): Uint8Array<ArrayBuffer> {
  const { levelMax, jumpLevelMax, risePerSecondMax, continuousMsMax, recoveryShare, cooldownMs, kinds } =
    envelope;
  return bytesOfFields(DOMAIN, [
    roomId,
    levelMax,
    jumpLevelMax,
    risePerSecondMax,
    continuousMsMax,
    recoveryShare,
    cooldownMs,
    kinds,
    signedAtMs,
  ]);
}

/** Only exactly what `envelopeBytes` would write is taken. */
function parse(bytes: Uint8Array): EnvelopeBody | undefined {
  const fields = fieldsOfBytes(DOMAIN, 9, bytes);
  if (fields === undefined) return undefined;
  const [
    roomId,
    levelMax,
    jumpLevelMax,
    risePerSecondMax,
    continuousMsMax,
    recoveryShare,
    cooldownMs,
    kinds,
    signedAtMs,
  ] = fields;
  const envelope = {
    levelMax,
    jumpLevelMax,
    risePerSecondMax,
    continuousMsMax,
    recoveryShare,
    cooldownMs,
    kinds,
  };
  const body = { roomId, envelope, signedAtMs } as EnvelopeBody;
  return isEnvelopeBody(body) && sameBytes(envelopeBytes(body), bytes) ? body : undefined;
}

function isEnvelopeBody({ roomId, envelope, signedAtMs }: EnvelopeBody): boolean {
  return (
    typeof roomId === 'string' && roomId !== '' && Number.isSafeInteger(signedAtMs) && isEnvelope(envelope)
  );
}
