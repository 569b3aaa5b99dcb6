import type { Effect } from '@nightjar/contracts/effect';
import type {
  LogEntry,
  ProgressState,
  Sanction,
  Snapshot,
  TipEntry,
  TipResult,
} from '@nightjar/contracts/ws-protocol';

/** Lines that a page keeps; older ones are gone from it. */
export const LINES_MAX = 400;

export interface ChatLine {
  readonly is: 'chat';
  readonly id: string;
  readonly from: string;
  readonly text: string;
  readonly atMs: number;
  readonly mine: boolean;
  /** Of one's own: on its way, or not taken. */
  readonly state?: 'sending' | 'failed';
  readonly why?: string;
}

/** A tip's stage as a person sees it. */
export type Stage = 'sending' | 'held' | ProgressState | TipResult | 'failed';

export interface TipLine {
  readonly is: 'tip';
  readonly id: string;
  /** Undefined while one's own is on its way. */
  readonly from?: string;
  readonly amount: bigint;
  readonly item?: { readonly name: string; readonly effect?: Effect };
  readonly note?: string;
  readonly atMs: number;
  readonly mine: boolean;
  readonly stage: Stage;
  /** How long its effect had run, and when that was said (on this device's monotonic clock). */
  readonly ranMs: number;
  readonly ranAtMono: number;
  readonly settled: bigint;
  readonly returned: bigint;
  readonly why?: string;
}

/** Something that the room is told of. */
export interface EventLine {
  readonly is: 'event';
  readonly id: string;
  readonly atMs: number;
  readonly what:
    | { readonly kind: 'show'; readonly state: 'started' | 'ended' }
    | { readonly kind: 'sanction'; readonly who: string; readonly what: Sanction | 'lifted' }
    | { readonly kind: 'goal'; readonly title: string; readonly amount: bigint }
    | { readonly kind: 'key-changed' };
}

export type Line = ChatLine | TipLine | EventLine;

/** What the room's log shows, oldest first. */
export interface RoomLogView {
  readonly lines: readonly Line[];
}

export const EMPTY_LOG: RoomLogView = { lines: [] };

const ENDS: ReadonlySet<Stage> = new Set<Stage>(['ran', 'partly', 'expired', 'refused', 'paid', 'failed']);

export function isOver(stage: Stage): boolean {
  return ENDS.has(stage);
}

/** Tips whose effect runs or waits, in their order. */
export function queueOf({ lines }: RoomLogView): { running?: TipLine; waiting: TipLine[] } {
  const open = lines.filter(
    (line): line is TipLine =>
      line.is === 'tip' && line.item?.effect !== undefined && !isOver(line.stage) && line.stage !== 'sending',
  );
  const running = open.find(({ stage }) => stage === 'running' || stage === 'paused');
  return { ...(running ? { running } : {}), waiting: open.filter((line) => line !== running) };
}

/** A line that is new goes to its place in time; one that is known is changed where it stands. */
export function withLine(log: RoomLogView, line: Line): RoomLogView {
  const at = log.lines.findIndex(({ id }) => id === line.id);
  if (at >= 0) return { lines: log.lines.with(at, line) };
  let place = log.lines.length;
  while (place > 0 && (log.lines[place - 1]?.atMs ?? 0) > line.atMs) place -= 1;
  return { lines: log.lines.toSpliced(place, 0, line).slice(-LINES_MAX) };
}

export function withoutLine(log: RoomLogView, id: string): RoomLogView {
  return { lines: log.lines.filter((line) => line.id !== id) };
}

/** The money in a snapshot: tips whose end this side may have missed are those that are not in it any more. */
export function afterSnapshot(
  log: RoomLogView,
  snapshot: Snapshot,
  nowMono: number,
  me?: string,
): RoomLogView {
  const held = new Set(snapshot.tips.map(({ tipId }) => tipId));
  const lines = log.lines.filter(
    (line) => line.is !== 'tip' || isOver(line.stage) || line.mine || held.has(line.id),
  );
  return snapshot.tips.reduce<RoomLogView>(
    (next, tip) =>
      withTip(
        next,
        tip,
        Date.parse(String((tip as { at?: string }).at ?? tip.startBy ?? '')) || 0,
        nowMono,
        me,
      ),
    { lines },
  );
}

/** The log after an entry. Lines of chat come by another way, once they are opened. */
export function afterEntry(log: RoomLogView, entry: LogEntry, nowMono: number, me?: string): RoomLogView {
  const atMs = Date.parse(entry.at);
  switch (entry.kind) {
    case 'tip':
      return withTip(log, entry, atMs, nowMono, me);
    case 'progress':
      return changeTip(log, entry.tipId, (tip) => progressed(tip, entry.state, nowMono));
    case 'settled':
      return changeTip(log, entry.tipId, (tip) => ({
        ...tip,
        stage: entry.result,
        ranMs: entry.ranMs,
        ranAtMono: nowMono,
        settled: BigInt(entry.settled),
        returned: BigInt(entry.returned),
      }));
    case 'show':
      return withLine(log, {
        is: 'event',
        id: `${entry.showId}-${entry.state}`,
        atMs,
        what: { kind: 'show', state: entry.state },
      });
    case 'sanction':
      return withLine(log, {
        is: 'event',
        id: `sanction-${entry.who}-${entry.at}`,
        atMs,
        what: { kind: 'sanction', who: entry.who, what: entry.what },
      });
    case 'goal':
      if (!entry.goal) return log;
      return withLine(log, {
        is: 'event',
        id: entry.goal.goalId,
        atMs,
        what: { kind: 'goal', title: entry.goal.title, amount: BigInt(entry.goal.amount) },
      });
    case 'struck':
      return withoutLine(log, entry.lineId);
    default:
      return log;
  }
}

function withTip(log: RoomLogView, entry: TipEntry, atMs: number, nowMono: number, me?: string): RoomLogView {
  const known = log.lines.find((line): line is TipLine => line.is === 'tip' && line.id === entry.tipId);
  const told = entry.state ?? (entry.held ? 'held' : 'paid');
  const tip: TipLine = {
    is: 'tip',
    id: entry.tipId,
    from: entry.from,
    amount: BigInt(entry.amount),
    ...(entry.item ? { item: entry.item } : {}),
    ...(known?.note === undefined ? {} : { note: known.note }),
    atMs: known?.atMs ?? atMs,
    mine: known?.mine ?? entry.from === me,
    // A receipt or progress may have come before.
    stage: known && known.stage !== 'sending' ? known.stage : told,
    ranMs: known?.ranMs ?? 0,
    ranAtMono: known?.ranAtMono ?? nowMono,
    settled: entry.held ? (known?.settled ?? 0n) : BigInt(entry.amount),
    returned: known?.returned ?? 0n,
  };
  return withLine(log, tip);
}

function progressed(tip: TipLine, state: ProgressState, nowMono: number): TipLine {
  if (isOver(tip.stage)) return tip;
  return { ...tip, stage: state, ranMs: ranMsAt(tip, nowMono), ranAtMono: nowMono };
}

/** How long an effect has run by now: it goes on while it is running, and only then. */
export function ranMsAt(tip: TipLine, nowMono: number): number {
  const more = tip.stage === 'running' ? nowMono - tip.ranAtMono : 0;
  return Math.min(tip.ranMs + more, tip.item?.effect?.durationMs ?? 0);
}

function changeTip(log: RoomLogView, tipId: string, change: (tip: TipLine) => TipLine): RoomLogView {
  const at = log.lines.findIndex(({ id }) => id === tipId);
  const tip = log.lines[at];
  return tip?.is === 'tip' ? { lines: log.lines.with(at, change(tip)) } : log;
}

/** One's own tip before the room has heard of it, and its ends that the room never hears of. */
export function afterOwnTip(
  log: RoomLogView,
  tip: {
    id: string;
    amount: bigint;
    item?: TipLine['item'];
    note?: string;
    stage: Stage;
    why?: string;
    settled?: bigint;
    returned?: bigint;
  },
  now: { wallMs: number; mono: number },
): RoomLogView {
  const known = log.lines.find((line): line is TipLine => line.is === 'tip' && line.id === tip.id);
  const { settled = known?.settled ?? 0n, returned = known?.returned ?? 0n } = tip;
  const running = tip.stage === 'running' && known?.stage !== 'running';
  return withLine(log, {
    is: 'tip',
    ...known,
    id: tip.id,
    amount: tip.amount,
    ...(tip.item ? { item: tip.item } : {}),
    ...(tip.note === undefined ? {} : { note: tip.note }),
    atMs: known?.atMs ?? now.wallMs,
    mine: true,
    stage: tip.stage,
    ranMs: known ? ranMsAt(known, now.mono) : 0,
    ranAtMono: running || !known ? now.mono : known.stage === 'running' ? now.mono : known.ranAtMono,
    settled,
    returned,
    ...(tip.why === undefined ? {} : { why: tip.why }),
  });
}
