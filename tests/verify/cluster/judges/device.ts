/**
 * Judges the device by recorded times alone: what the bridge says of itself is not heard. The two figures are those of
 * rule 1 in docs/explanation/bridge.md, written here once more so that the judge shares nothing with what it judges.
 */

/** A permit counts from when it was asked for. */
const PERMIT_MS_MAX = 600;
/** An output's lease counts from when it was written. */
const LEASE_MS_MAX = 300;
/** A program is late to its own timers: the bridge's watchdog allows as much. */
export const LATE_MS_MAX = 100;
/** A program that the machine lets stand still can stop nothing; then its engine does, within this. */
const STILL_MS_MAX = 1_000;
/** Below this, two readings of one clock are the same. */
const SAME_MS = 1;
/** A gap of permits pauses an effect for so long at most; after it the effect has ended. */
const PAUSE_MS_MAX = 3_000;

/** A permit as the bridge's socket saw it. */
export interface PermitSeen {
  /** When the frame that asked went out. */
  readonly askedMono: number;
  /** When the frame that answered came in. */
  readonly heardMono: number;
  readonly forMs: number;
}

/** What reached the driver. */
export type DeviceWrite =
  | {
      readonly is: 'drive';
      readonly atMono: number;
      /** As the device took it, 0 to 1. */
      readonly level: number;
      readonly leaseUntilMono: number;
      readonly tipId?: string;
    }
  | { readonly is: 'rest'; readonly atMono: number };

export interface Violation {
  readonly what: 'no_permit' | 'no_lease' | 'long_lease' | 'permit_over' | 'lease_over' | 'over_limit';
  readonly atMono: number;
  /** By how much. */
  readonly ms: number;
}

export interface DeviceVerdict {
  readonly violations: readonly Violation[];
  /** The longest that the device was away from rest after a lease or a permit had run out, while the program ran … */
  readonly lateMs: number;
  /** … and with the time in which the machine let it stand still. */
  readonly stillMs: number;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * @param levelMax the broadcaster's limit
 * @param stalls when the program stood still
 */
export function judgeDevice(
  writes: readonly DeviceWrite[],
  permits: readonly PermitSeen[],
  levelMax: number,
  stalls: readonly Span[],
): DeviceVerdict {
  const live = union(
    permits.map(({ askedMono, heardMono, forMs }) => ({
      from: heardMono,
      to: askedMono + Math.min(forMs, PERMIT_MS_MAX),
    })),
  );
  const violations: Violation[] = [];
  let lateMs = 0;
  let stillMs = 0;
  for (const [i, write] of writes.entries()) {
    if (write.is !== 'drive' || write.level <= 0) continue;
    const { atMono, level, leaseUntilMono } = write;
    const found = (what: Violation['what'], ms: number) => violations.push({ what, atMono, ms });
    if (level > levelMax) found('over_limit', 0);
    const permit = live.find(({ from, to }) => from <= atMono && atMono < to);
    if (!permit) found('no_permit', 0);
    if (leaseUntilMono <= atMono) found('no_lease', atMono - leaseUntilMono);
    const leaseMs = Math.min(LEASE_MS_MAX, (permit?.to ?? atMono) - atMono);
    if (permit && leaseUntilMono - atMono > leaseMs + SAME_MS)
      found('long_lease', leaseUntilMono - atMono - leaseMs);
    // Away from rest until the next write, or still.
    const untilMono = writes[i + 1]?.atMono ?? Number.POSITIVE_INFINITY;
    const late = (what: Violation['what'], sinceMono: number) => {
      const allMs = untilMono - sinceMono;
      const ranMs = allMs - overlap(stalls, sinceMono, untilMono);
      lateMs = Math.max(lateMs, ranMs);
      stillMs = Math.max(stillMs, allMs);
      if (ranMs > LATE_MS_MAX || allMs > STILL_MS_MAX) found(what, allMs);
    };
    late('lease_over', Math.min(leaseUntilMono, atMono + LEASE_MS_MAX));
    if (permit) late('permit_over', permit.to);
  }
  return { violations, lateMs, stillMs };
}

/**
 * How often each tip's effect began. It goes on, and has not begun anew, when nothing but a pause lies between, no other
 * effect came in between, and it moved for no longer than it lasts.
 */
export function timesBegun(
  writes: readonly DeviceWrite[],
  durationMs: (tipId: string) => number,
): ReadonlyMap<string, number> {
  const begun = new Map<string, number>();
  const moved = new Map<string, number>();
  const endedMono = new Map<string, number>();
  let last: string | undefined;
  for (const [i, write] of writes.entries()) {
    if (write.is !== 'drive' || write.tipId === undefined) continue;
    const { tipId, atMono } = write;
    const nextMono = writes[i + 1]?.atMono ?? atMono;
    const pausedMs = atMono - (endedMono.get(tipId) ?? atMono);
    const movedMs = moved.get(tipId) ?? 0;
    const goesOn =
      begun.has(tipId) &&
      last === tipId &&
      pausedMs <= PAUSE_MS_MAX + LATE_MS_MAX &&
      movedMs <= durationMs(tipId) + LATE_MS_MAX;
    if (!goesOn) begun.set(tipId, (begun.get(tipId) ?? 0) + 1);
    moved.set(tipId, (goesOn ? movedMs : 0) + (nextMono - atMono));
    endedMono.set(tipId, nextMono);
    last = tipId;
  }
  return begun;
}

/** The longest time without a live permit between two moments. */
export function longestWithoutPermit(
  permits: readonly PermitSeen[],
  fromMono: number,
  toMono: number,
): number {
  const live = union(
    permits.map(({ askedMono, heardMono, forMs }) => ({
      from: heardMono,
      to: askedMono + Math.min(forMs, PERMIT_MS_MAX),
    })),
  );
  let longest = 0;
  let coveredTo = fromMono;
  for (const { from, to } of live) {
    if (to <= fromMono || from >= toMono) continue;
    longest = Math.max(longest, from - coveredTo);
    coveredTo = Math.max(coveredTo, to);
  }
  return Math.max(0, longest, toMono - coveredTo);
}

/** How long these spans, which do not overlap each other, lie in another one. */
function overlap(spans: readonly Span[], from: number, to: number): number {
  return spans.reduce((sum, span) => sum + Math.max(0, Math.min(span.to, to) - Math.max(span.from, from)), 0);
}

/** Spans that touch are one. */
function union(spans: readonly Span[]): Span[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of spans.filter((span) => span.from < span.to).sort((a, b) => a.from - b.from)) {
    const open = joined.at(-1);
    if (open && from <= open.to) open.to = Math.max(open.to, to);
    else joined.push({ from, to });
  }
  return joined;
}
