import type { Sanction, SanctionEntry } from '@nightjar/contracts/ws-protocol';
import { BAN_REMEMBERED_MS } from '../limits.ts';

/** The snapshot's fields of sanctions; redis/room.lua has the name, too. */
const FIELD_PREFIX = 'sanction:';

interface InForce {
  readonly what: Sanction;
  /** When it is over, in ms since 1970; a removal is over with the show. */
  readonly untilMs?: number;
}

export function sanctionField(pseudonym: string): string {
  return `${FIELD_PREFIX}${pseudonym}`;
}

/** What the snapshot keeps of a sanction: `<what> [ms since 1970]`; nothing of one that lifts another. */
export function sanctionValue({ at, what, until }: SanctionEntry & { at: string }): string | undefined {
  switch (what) {
    case 'lifted':
      return undefined;
    case 'removed':
      return what;
    case 'banned':
      return `${what} ${Date.parse(at) + BAN_REMEMBERED_MS}`;
    case 'silenced':
      return `${what} ${Date.parse(until ?? at)}`;
  }
}

/** Who is shut out of a room or may not write in it, as its log tells. The last word on somebody replaces those before. */
export class Sanctions {
  readonly #of = new Map<string, InForce>();

  /** From the fields of a snapshot. */
  constructor(fields: ReadonlyMap<string, string> = new Map()) {
    for (const [field, value] of fields)
      if (field.startsWith(FIELD_PREFIX)) this.#set(field.slice(FIELD_PREFIX.length), value);
  }

  /** A sanction was decided; in a new show, or after one, removals are over. */
  take(entry: (SanctionEntry & { at: string }) | { kind: 'show' }): void {
    if (entry.kind === 'sanction') this.#set(entry.who, sanctionValue(entry));
    else for (const [who, { what }] of this.#of) if (what === 'removed') this.#of.delete(who);
  }

  /** Whether somebody may not be in the room. */
  isOut(pseudonym: string): boolean {
    const what = this.#of.get(pseudonym)?.what;
    return what === 'removed' || what === 'banned';
  }

  /** Until when somebody may not write, in ms since 1970; undefined for who may. */
  silencedUntil(pseudonym: string, nowMs: number): number | undefined {
    const { what, untilMs = 0 } = this.#of.get(pseudonym) ?? {};
    return what === 'silenced' && untilMs > nowMs ? untilMs : undefined;
  }

  #set(who: string, value: string | undefined): void {
    const [what, ms] = value?.split(' ') ?? [];
    if (what === 'silenced' || what === 'removed' || what === 'banned')
      this.#of.set(who, { what, ...(ms === undefined ? {} : { untilMs: Number(ms) }) });
    else this.#of.delete(who);
  }
}
