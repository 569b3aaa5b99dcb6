import type { SanctionInForce } from '@nightjar/client/rooms';
import type { LogEntry, SanctionEntry } from '@nightjar/contracts/ws-protocol';

/** The list after what the room's log says: it may have been decided in another window. */
export function sanctionsAfterEntry(
  all: readonly SanctionInForce[],
  { who, what, until, at }: SanctionEntry & Pick<LogEntry, 'at'>,
): readonly SanctionInForce[] {
  const others = all.filter(({ pseudonym }) => pseudonym !== who);
  if (what === 'lifted') return others;
  return [{ pseudonym: who, what, decidedAt: at, ...(until === undefined ? {} : { until }) }, ...others];
}

/** Those that hold at a moment: a silence ends by itself. */
export function inForce(all: readonly SanctionInForce[], nowMs: number): readonly SanctionInForce[] {
  return all.filter(({ until }) => until === undefined || Date.parse(until) > nowMs);
}

export function sanctionWords({ what, until }: SanctionInForce): string {
  if (what === 'removed') return 'removed from this show';
  if (what === 'banned') return 'banned';
  const time =
    until === undefined
      ? ''
      : ` until ${new Date(until).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
  return `silenced${time}`;
}
