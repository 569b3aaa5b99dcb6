/** What a broadcaster decides about somebody. */
export type Decision =
  /** May write no lines for so many minutes. */
  | { readonly what: 'silenced'; readonly minutes: number }
  /** Out of the show that is on, or out of the room for good. */
  | { readonly what: 'removed' | 'banned' };

/** The last sanction of a page: where the next one goes on. */
export interface SanctionPlace {
  readonly decidedAtMs: number;
  readonly pseudonym: string;
}

/** A place as clients hand it back; it says nothing that the page did not. */
export function toSanctionCursor({ decidedAtMs, pseudonym }: SanctionPlace): string {
  return Buffer.from(`${decidedAtMs}.${pseudonym}`).toString('base64url');
}

/** The place that a cursor names; undefined when it is not one of ours. */
export function fromSanctionCursor(cursor: string): SanctionPlace | undefined {
  const match = /^(\d{1,15})\.(pn_[0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString());
  return match?.[1] && match[2] ? { decidedAtMs: Number(match[1]), pseudonym: match[2] } : undefined;
}
