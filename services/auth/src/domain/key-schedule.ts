/**
 * When signing keys begin, sign and go. Pure: a list of keys and a moment in, what to do out, so that any number of pods
 * that look at one table agree.
 *
 *     published ── 10 min ──▶ signs ── 24 h ──▶ successor signs ── 12 min ──▶ gone
 */

/** How long one key signs. */
export const KEY_SIGNS_MS = 24 * 3_600_000;
/** A key is published so long before it signs; longer than any checker keeps a key set. */
export const PUBLISHED_AHEAD_MS = 600_000;
/** The life of an access token. */
export const ACCESS_TOKEN_MS = 600_000;
/** A pod may act on a view of the table that is so old. */
export const VIEW_MS_MAX = 60_000;
/** How far the pods' clocks may be apart. */
export const CLOCKS_APART_MS_MAX = 60_000;
/** A key stays published so long after its successor began: until the last access token that it signed has run out. */
export const LINGERS_MS = ACCESS_TOKEN_MS + VIEW_MS_MAX + CLOCKS_APART_MS_MAX;

export interface ScheduledKey {
  readonly kid: string;
  readonly signsFromMs: number;
  /** Whether this process can open the private half; it cannot after its sealing key was lost. */
  readonly usable: boolean;
}

export interface KeyPlan {
  /** Signs now; none before the first key, or when none can be opened. */
  readonly signer?: string;
  /** A key to make, and when it begins to sign. */
  readonly createFromMs?: number;
  /** Keys whose last access token has run out. */
  readonly remove: readonly string[];
}

export function planKeys(keys: readonly ScheduledKey[], nowMs: number): KeyPlan {
  const ordered = [...keys].sort((a, b) => a.signsFromMs - b.signsFromMs);
  const remove = ordered
    .filter((_, i) => (ordered[i + 1]?.signsFromMs ?? Number.POSITIVE_INFINITY) + LINGERS_MS <= nowMs)
    .map((key) => key.kid);
  const signer = ordered.findLast((key) => key.usable && key.signsFromMs <= nowMs);
  // Without a signer nobody can sign in, so this one key is used before all checkers know it: they ask when they see it.
  if (!signer) return { createFromMs: nowMs, remove };
  const waiting = ordered.some((key) => key.signsFromMs > nowMs);
  const nextFromMs = signer.signsFromMs + KEY_SIGNS_MS;
  if (waiting || nextFromMs - PUBLISHED_AHEAD_MS > nowMs) return { signer: signer.kid, remove };
  return {
    signer: signer.kid,
    createFromMs: Math.max(nextFromMs, nowMs + PUBLISHED_AHEAD_MS),
    remove,
  };
}
