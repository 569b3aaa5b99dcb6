/** Judges what viewers were told of the room's log: the same to all, without a gap, and all that was accepted. */

/** One thing of the log as a viewer was told it. */
export interface ToldEntry {
  readonly offset: number;
  /** Of its whole content. */
  readonly digest: string;
  /** `chat msg_…`, `tip tip_…`: what was accepted under this name; other entries have none. */
  readonly names?: string;
  /** When the viewer was told. */
  readonly atMono: number;
}

/** What one viewer was told without a break: from a welcome that does not go on, to the next one or the end. */
export interface Stretch {
  readonly epoch: string;
  /** The first offset that the welcome promised. */
  readonly from: number;
  readonly atMono: number;
  readonly entries: readonly ToldEntry[];
  /** What the welcome's snapshot had in it already. */
  readonly snapshot: readonly string[];
}

export interface ViewerLog {
  readonly viewer: string;
  readonly stretches: readonly Stretch[];
  /** It left, or was thrown out, before the end: nothing is owed to it from then on. */
  readonly leftMono?: number;
}

/** A line or a tip whose sender was told that it is in. */
export interface Accepted {
  /** As in ToldEntry. */
  readonly names: string;
  readonly sentMono: number;
  /** When its sender learned that it is in. */
  readonly knownMono: number;
}

/** What is accepted is in the log, and with all who are there, within this. */
const TOLD_MS_MAX = 5_000;

export interface LogLoss {
  readonly viewer: string;
  readonly what: /** An offset was passed over, or told twice. */
    | 'gap'
    /** The log was cut under the viewer though its epoch went on. */
    | 'cut'
    /** Two viewers were told different things at one place. */
    | 'differs'
    /** At the end the viewer did not have what others have. */
    | 'behind'
    /** Accepted, never told to this viewer, and not of the last moments of a log that began anew. */
    | 'untold';
  readonly where: string;
}

export interface LogVerdict {
  readonly losses: readonly LogLoss[];
  readonly epochs: number;
}

export function judgeLogs(logs: readonly ViewerLog[], accepted: readonly Accepted[]): LogVerdict {
  const losses: LogLoss[] = [];
  const digests = new Map<string, string>();
  const epochs = new Set<string>();
  for (const { viewer, stretches } of logs) {
    for (const [i, { epoch, from, entries }] of stretches.entries()) {
      const lose = (what: LogLoss['what'], offset: number) =>
        losses.push({ viewer, what, where: `${epoch}/${offset}` });
      epochs.add(epoch);
      if (i > 0 && stretches[i - 1]?.epoch === epoch) lose('cut', from);
      for (const [k, { offset, digest }] of entries.entries()) {
        if (offset !== from + k) {
          lose('gap', offset);
          break;
        }
        const place = `${epoch}/${offset}`;
        const known = digests.get(place);
        digests.set(place, known ?? digest);
        if (known !== undefined && known !== digest) lose('differs', offset);
      }
    }
  }
  const stayed = logs.filter(({ leftMono }) => leftMono === undefined);
  losses.push(...behind(stayed));
  for (const log of logs) losses.push(...untold(log, accepted));
  return { losses, epochs: epochs.size };
}

/** All end at one place. */
function behind(stayed: readonly ViewerLog[]): LogLoss[] {
  const ends = stayed.map(({ viewer, stretches }) => {
    const last = stretches.at(-1);
    return {
      viewer,
      epoch: last?.epoch ?? 'none',
      offset: (last?.from ?? 0) + (last?.entries.length ?? 0) - 1,
      atMono: last?.atMono ?? 0,
    };
  });
  // Epochs have no order; the one that was told of last is the latest.
  const { epoch } = ends.reduce((a, b) => (b.atMono > a.atMono ? b : a), {
    epoch: 'none',
    atMono: -1,
  });
  const furthest = Math.max(0, ...ends.filter((end) => end.epoch === epoch).map(({ offset }) => offset));
  return ends
    .filter((end) => end.epoch !== epoch || end.offset < furthest)
    .map(({ viewer, epoch: at, offset }) => ({ viewer, what: 'behind', where: `${at}/${offset}` }));
}

function untold(log: ViewerLog, accepted: readonly Accepted[]): LogLoss[] {
  const told = new Set(
    log.stretches.flatMap(({ entries, snapshot }) => [...snapshot, ...entries.map(({ names }) => names)]),
  );
  return accepted
    .filter((each) => !told.has(each.names) && owes(log, each))
    .map(({ names }) => ({ viewer: log.viewer, what: 'untold', where: names }));
}

/** Whether this viewer was there to be told. A new epoch is told, and what came just before it may be gone. */
export function owes(
  { stretches, leftMono }: ViewerLog,
  { sentMono, knownMono }: Pick<Accepted, 'sentMono' | 'knownMono'>,
): boolean {
  const [first] = stretches;
  if (!first || sentMono <= first.atMono) return false;
  if (leftMono !== undefined && sentMono >= leftMono) return false;
  return !stretches.some((stretch, i) => {
    const before = stretches[i - 1];
    if (!before || before.epoch === stretch.epoch) return false;
    const toldMono = before.entries.at(-1)?.atMono ?? before.atMono;
    return knownMono > toldMono - TOLD_MS_MAX && sentMono <= stretch.atMono;
  });
}
