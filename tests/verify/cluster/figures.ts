import type { Evening } from './load/judge-evening.ts';

/** What an evening comes to. `ok` says that nothing of it is wrong. */
export function figuresOf(evening: Evening) {
  const { tipFaults, moneyFaults, violations, losses, thrownOut, ends, all } = evening;
  const tipsWith = (kind: string) =>
    new Set(tipFaults.filter(({ what }) => what.startsWith(kind)).map(({ tipId }) => tipId)).size;
  const short = moneyFaults.filter(({ tokens }) => tokens.startsWith('-')).length;
  const refused = Object.values(evening.refusedLines).reduce((sum, count) => sum + count, 0);
  const figures = {
    tips: evening.tips,
    tips_lost: tipsWith('lost'),
    tips_doubled: tipsWith('doubled') + short,
    tips_misled: tipsWith('misled'),
    tips_unmoved: tipsWith('unmoved'),
    tips_unpaid: tipsWith('unpaid'),
    money_off: moneyFaults.length,
    device_violations: violations.length,
    durable_lost: losses.length,
    thrown_out: thrownOut.length + Number(evening.bridgeEnded),
    latches: evening.latches.length,
    lines: evening.lines,
    lines_refused: refused,
    lines_lost: evening.lostLines,
    lines_unread: evening.unread,
    tip_ends: ends,
    breaks: evening.breaks,
    epochs: evening.epochs,
    tips_sent_again: evening.sentAgain,
    receipt_p50_ms: Math.round(all.receiptP50),
    receipt_p99_ms: Math.round(all.receiptP99),
    receipt_gap_ms_max: Math.round(all.receiptGapMax),
    viewer_away_ms_max: Math.round(all.viewerAwayMax),
    permit_away_ms_max: Math.round(all.permitAwayMax),
    device_late_ms_max: Math.round(evening.lateMs),
    device_still_ms_max: Math.round(evening.stillMs),
  };
  const ok =
    figures.tips > 0 &&
    (ends.ran ?? 0) > 0 &&
    evening.lines - refused - evening.lostLines > 0 &&
    [
      figures.tips_lost,
      figures.tips_doubled,
      figures.tips_misled,
      figures.tips_unmoved,
      figures.tips_unpaid,
      figures.money_off,
      figures.device_violations,
      figures.durable_lost,
      figures.thrown_out,
      figures.latches,
      figures.lines_refused,
      figures.lines_lost,
      figures.lines_unread,
    ].every((count) => count === 0);
  return { ok, ...figures };
}
