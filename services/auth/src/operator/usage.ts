export const USAGE = `operator — who may broadcast here, and the keys that access tokens are signed with

Usage:
  operator broadcaster add --public-key KEY     make this device key a broadcaster; prints the broadcaster id
  operator broadcaster list                     prints id, state and public keys, one broadcaster a line
  operator broadcaster remove --id ID           take the capacity away; adding the key again gives the same id back
  operator broadcaster remove --public-key KEY
  operator keys list                            prints key id and when it begins to sign
  operator keys rotate                          publish a new signing key now; it signs 10 minutes later
  operator help

KEY is the raw Ed25519 public key in base64url (43 characters), as the studio and the demo show it.
A removed broadcaster's access tokens run out within 10 minutes.

Environment:
  NIGHTJAR_POSTGRES_URL_FILE        a file with PostgreSQL's URL for auth's role
  NIGHTJAR_SIGNING_SEAL_KEY_FILE    for keys rotate: the sealing key that auth has too

Exit codes: 0 done, 1 could not be done, 2 the command or its settings are wrong.
`;

/** What was asked is not a command, or lacks something. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It cannot be done, for a reason that the operator can understand. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
