/** What went wrong, in words that stay the same from version to version. */
export type FenceErrorCode =
  /** Rules, as people wrote them, that cannot be meant: `path` says where. */
  | 'invalid_rule'
  /** Bytes that are no compiled policy, or one of another version. */
  | 'malformed'
  /** A policy signed by a key that is not trusted. */
  | 'unknown_key'
  /** A signature that is not the key's over this policy. */
  | 'bad_signature';

/** The one error of this package. Its message may be shown to whoever wrote the rules; it never holds an address of a client. */
export class FenceError extends Error {
  override readonly name = 'FenceError';
  readonly code: FenceErrorCode;
  /** Where in the rules, such as `rules[2].values[0]`; empty when it is not about a place in them. */
  readonly path: string;

  constructor(code: FenceErrorCode, message: string, path = '', options?: ErrorOptions) {
    super(path === '' ? message : `${path}: ${message}`, options);
    this.code = code;
    this.path = path;
  }
}
