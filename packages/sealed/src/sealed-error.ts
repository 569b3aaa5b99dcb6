/** What went wrong, in words that stay the same from version to version and that other clients may match on. */
export type SealedErrorCode =
  /** Bytes or text that do not follow their format, or exceed a limit. */
  | 'malformed'
  /** A sealed payload of another scheme than the one that was asked for. */
  | 'wrong_scheme'
  /** Sealed to a key that is not in the ring: never known, or already retired. */
  | 'unknown_key'
  /** Does not decrypt: another key, another tip or room, or altered on its way. */
  | 'not_opened'
  /** A signature that is not this key's over these bytes. */
  | 'bad_signature'
  /** A private key that was made so that it cannot leave the platform's key store. */
  | 'not_extractable'
  /** A request proof made for another method, path or body. */
  | 'wrong_request'
  /** A request proof that is too old, or from a clock that runs ahead. */
  | 'stale';

/**
 * The one error of this package. `message` never contains key material, plaintext, or which of several
 * cryptographic checks failed, so it may be logged.
 */
export class SealedError extends Error {
  override readonly name = 'SealedError';
  readonly code: SealedErrorCode;

  constructor(code: SealedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
