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
  /** 0 is a no. */
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
  const inForce = permitsInForce(permits);
  const live = union(inForce);
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
    // Of what was heard by then: a permit that came later could not be known.
    const known = inForce.find(({ from, to }) => from <= atMono && atMono < to);
    const leaseMs = Math.min(LEASE_MS_MAX, (known?.untilMono ?? atMono) - atMono);
    if (known && leaseUntilMono - atMono > leaseMs + SAME_MS)
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

/** What one tip's effect did at the device. */
export interface Movement {
  /** How often it began. */
  readonly begun: number;
  /** How long it was driven under its leases, from each write to the next one. */
  readonly movedMs: number;
}

/**
 * What each tip's effect did. It goes on, and has not begun anew, when nothing but a pause lies between, no other
 * effect came in between, and it moved for no longer than it lasts.
 */
export function movements(
  writes: readonly DeviceWrite[],
  durationMs: (tipId: string) => number,
): ReadonlyMap<string, Movement> {
  const seen = new Map<string, Movement & { readonly runMs: number; readonly endedMono: number }>();
  let last: string | undefined;
  for (const [i, write] of writes.entries()) {
    if (write.is !== 'drive' || write.tipId === undefined) continue;
    const { tipId, atMono } = write;
    const endedMono = writes[i + 1]?.atMono ?? atMono;
    // What moves on after its lease is judged as that, and belongs to nobody's effect.
    const ms = Math.max(0, Math.min(endedMono, write.leaseUntilMono) - atMono);
    const before = seen.get(tipId);
    const goesOn =
      before !== undefined &&
      last === tipId &&
      atMono - before.endedMono <= PAUSE_MS_MAX + LATE_MS_MAX &&
      before.runMs <= durationMs(tipId) + LATE_MS_MAX;
    seen.set(tipId, {
      begun: (before?.begun ?? 0) + (goesOn ? 0 : 1),
      movedMs: (before?.movedMs ?? 0) + ms,
      runMs: (goesOn ? before.runMs : 0) + ms,
      endedMono,
    });
    last = tipId;
  }
  return seen;
}

/** The longest time without a live permit between two moments. */
export function longestWithoutPermit(
  permits: readonly PermitSeen[],
  fromMono: number,
  toMono: number,
): number {
  const live = union(permitsInForce(permits));
  let longest = 0;
  let coveredTo = fromMono;
  for (const { from, to } of live) {
    if (to <= fromMono || from >= toMono) continue;
    longest = Math.max(longest, from - coveredTo);
    coveredTo = Math.max(coveredTo, to);
  }
  return Math.max(0, longest, toMono - coveredTo);
}

/** From when it was heard until it ran out, or something else was answered. */
interface PermitInForce extends Span {
  /** Its own end, whatever was answered since. */
  readonly untilMono: number;
}

/**
 * Permits in the order in which they were heard. A no ends what was in force. An answer that was asked for before one that was
 * heard already counts for nothing, and so does a yes that had run out when it came.
 */
function permitsInForce(permits: readonly PermitSeen[]): PermitInForce[] {
  const inForce: { from: number; to: number; untilMono: number }[] = [];
  let answeredMono = Number.NEGATIVE_INFINITY;
  for (const { askedMono, heardMono, forMs } of permits) {
    const untilMono = askedMono + Math.min(forMs, PERMIT_MS_MAX);
    if (askedMono <= answeredMono) continue;
    answeredMono = askedMono;
    if (forMs > 0 && untilMono <= heardMono) continue;
    const last = inForce.at(-1);
    if (last) last.to = Math.min(last.to, heardMono);
    if (forMs > 0) inForce.push({ from: heardMono, to: untilMono, untilMono });
  }
  return inForce;
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
