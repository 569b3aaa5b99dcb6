/** The judges of the cluster's evening, with something to find. */
import { describe, expect, test } from '@jest/globals';
import { type DeviceWrite, judgeDevice, longestWithoutPermit, movements } from './device.ts';
import { type Accepted, judgeLogs, type Stretch, type ViewerLog } from './logs.ts';
import { longestGap, percentile } from './shares.ts';
import { judgeMoney, judgeTip, type TipStory } from './tips.ts';

describe('the device', () => {
  const permit = (askedMono: number, heardMono = askedMono + 10, forMs = 600) => ({
    askedMono,
    heardMono,
    forMs,
  });
  const drive = (atMono: number, leaseMs = 300, level = 0.8): DeviceWrite => ({
    is: 'drive',
    atMono,
    level,
    leaseUntilMono: atMono + leaseMs,
  });
  const rest = (atMono: number): DeviceWrite => ({ is: 'rest', atMono });
  const found = (writes: DeviceWrite[], permits = [permit(1_000)], levelMax = 0.8) =>
    judgeDevice(writes, permits, levelMax, []).violations.map(({ what }) => what);

  test('what moves under a permit and a lease, renewed in time, is in order', () => {
    const permits = [permit(1_000), permit(1_200), permit(1_400)];
    expect(found([drive(1_100), drive(1_300), drive(1_600), rest(1_900)], permits)).toEqual([]);
    expect(found([drive(1_500, 100), rest(1_600)])).toEqual([]);
  });

  test('a move before the answer, after the permit, or without any is seen', () => {
    expect(found([drive(1_005), rest(1_010)])).toContain('no_permit');
    expect(found([drive(1_600), rest(1_610)])).toContain('no_permit');
    expect(found([drive(1_100), rest(1_110)], [])).toContain('no_permit');
  });

  test('a permit counts from when it was asked for, and never longer than 600 ms', () => {
    expect(found([drive(1_590, 5), rest(1_595)], [permit(1_000, 1_580)])).toEqual([]);
    expect(found([drive(1_601, 5), rest(1_606)], [permit(1_000, 1_010, 9_000)])).toEqual(['no_permit']);
    expect(found([drive(1_350, 5), rest(1_355)], [permit(1_000, 1_010, 300)])).toEqual(['no_permit']);
  });

  test('a lease that is over, too long, or longer than its permit is seen', () => {
    expect(found([drive(1_100, 0), rest(1_101)])).toContain('no_lease');
    expect(found([drive(1_100, 350), rest(1_200)])).toEqual(['long_lease']);
    expect(found([drive(1_500, 200), rest(1_550)])).toEqual(['long_lease']);
  });

  test('a lease is measured by the permits that were heard when it was written, and by no later one', () => {
    const later = permit(1_400, 1_510);
    expect(found([drive(1_500, 200), rest(1_550)], [permit(1_000), later])).toEqual(['long_lease']);
    expect(found([drive(1_500, 100), rest(1_550)], [permit(1_000), later])).toEqual([]);
    expect(found([drive(1_520, 300), rest(1_550)], [permit(1_000), later])).toEqual([]);
  });

  test('a no ends the permit: what moves after it, or goes on for long, is seen', () => {
    const no = permit(1_200, 1_210, 0);
    expect(found([drive(1_100), rest(1_215)], [permit(1_000), no])).toEqual([]);
    expect(found([drive(1_220, 100), rest(1_300)], [permit(1_000), no])).toContain('no_permit');
    expect(found([drive(1_100), rest(1_330)], [permit(1_000), no])).toEqual(['permit_over']);
    expect(longestWithoutPermit([permit(1_000), no, permit(1_400)], 1_050, 1_900)).toBe(200);
  });

  test('an answer that is older than one that was heard already counts for nothing, be it a yes or a no', () => {
    const lateNo = permit(1_100, 1_220, 0);
    expect(found([drive(1_230), rest(1_500)], [permit(1_000), permit(1_200), lateNo])).toEqual([]);
    const lateYes = permit(1_100, 1_220);
    const no = permit(1_200, 1_210, 0);
    expect(found([drive(1_230), rest(1_300)], [permit(1_000), no, lateYes])).toContain('no_permit');
  });

  test('away from rest past the lease and the permit is seen, a timer that is late is measured', () => {
    expect(found([drive(1_100, 200), rest(1_500)])).toEqual(['lease_over']);
    expect(found([drive(1_500, 100), rest(1_750)])).toEqual(['lease_over', 'permit_over']);
    expect(found([drive(1_100)])).toEqual(['lease_over', 'permit_over']);
    const { violations, lateMs } = judgeDevice([drive(1_100, 200), rest(1_340)], [permit(1_000)], 0.8, []);
    expect([violations, lateMs]).toEqual([[], 40]);
  });

  test('a program that stood still is forgiven for that long, and for a second at most', () => {
    const stood = (to: number, restAt: number) =>
      judgeDevice([drive(1_100, 200), rest(restAt)], [permit(1_000)], 0.8, [{ from: 1_290, to }]);
    expect(stood(1_500, 1_505)).toEqual({ violations: [], lateMs: 5, stillMs: 205 });
    expect(stood(1_400, 1_505).violations.map(({ what }) => what)).toEqual(['lease_over']);
    expect(stood(2_400, 2_400).violations.map(({ what }) => what)).toEqual(['lease_over']);
  });

  test('a level over the limit is seen', () => {
    expect(found([drive(1_100, 300, 0.81), rest(1_200)])).toEqual(['over_limit']);
  });

  test('an effect that goes on after a pause has begun once, and one that begins anew twice', () => {
    const of = (tipId: string, atMono: number): DeviceWrite => ({ ...drive(atMono), tipId }) as DeviceWrite;
    const begun = (writes: DeviceWrite[]) =>
      Object.fromEntries([...movements(writes, () => 1_000)].map(([tipId, { begun }]) => [tipId, begun]));
    expect(begun([of('a', 0), of('a', 200), rest(400), of('a', 3_000), rest(3_500)])).toEqual({ a: 1 });
    expect(begun([of('a', 0), rest(400), of('a', 4_000), rest(4_100)])).toEqual({ a: 2 });
    expect(begun([of('a', 0), rest(400), of('b', 500), rest(600), of('a', 700), rest(800)])).toEqual({
      a: 2,
      b: 1,
    });
    // A program that stood still for half a second moved it for no longer than its lease.
    const stood = [0, 300, 766, 966].map((atMono) => of('a', atMono));
    expect(begun([...stood, of('a', 1_166), rest(1_200)])).toEqual({ a: 1 });
    const whole = [0, 300, 600, 900].map((atMono) => of('a', atMono));
    expect(begun([...whole, rest(1_050), of('a', 1_300), rest(1_400)])).toEqual({ a: 1 });
    expect(begun([...whole, rest(1_200), of('a', 1_300), rest(1_400)])).toEqual({ a: 2 });
  });

  test('how long each effect moved is the time from its writes to the next ones, pauses left out', () => {
    const of = (tipId: string, atMono: number): DeviceWrite => ({ ...drive(atMono), tipId }) as DeviceWrite;
    const moved = (writes: DeviceWrite[]) =>
      Object.fromEntries([...movements(writes, () => 1_000)].map(([tipId, { movedMs }]) => [tipId, movedMs]));
    expect(moved([of('a', 0), of('a', 200), rest(400), of('a', 3_000), rest(3_500)])).toEqual({ a: 700 });
    expect(moved([of('a', 0), rest(1), of('b', 500), rest(600), of('a', 700), rest(800)])).toEqual({
      a: 101,
      b: 100,
    });
  });

  test('the longest time without a permit is found, at the ends too', () => {
    const permits = [permit(1_000), permit(1_300), permit(2_500, 2_600)];
    expect(longestWithoutPermit(permits, 1_100, 3_000)).toBe(700);
    expect(longestWithoutPermit(permits, 0, 3_000)).toBe(1_010);
    expect(longestWithoutPermit(permits, 1_100, 4_000)).toBe(900);
    expect(longestWithoutPermit([], 1_000, 4_000)).toBe(3_000);
  });
});

describe('a tip', () => {
  const ran = { result: 'ran', settled: 5n, returned: 0n };
  const tip = (story: Partial<TipStory>): TipStory => ({
    tipId: 't',
    viewer: 'v',
    amount: 5n,
    effectMs: 100,
    seqs: ['1'],
    learned: ran,
    ledger: ran,
    begun: 1,
    movedMs: 100,
    inLog: 1,
    owedEntry: true,
    ...story,
  });
  const still = { begun: 0, movedMs: 0 };
  const found = (story: Partial<TipStory>) => judgeTip(tip(story)).map(({ what }) => what);

  test('that ran once, or was refused and never taken, is in order', () => {
    expect(found({})).toEqual([]);
    expect(found({ seqs: ['1', '1'] })).toEqual([]);
    expect(found({ seqs: [], learned: 'refused', ledger: 'unknown', ...still, inLog: 0 })).toEqual([]);
    const expired = { result: 'expired', settled: 0n, returned: 5n };
    expect(found({ learned: expired, ledger: expired, ...still })).toEqual([]);
    const half = { result: 'partly', settled: 2n, returned: 3n };
    expect(found({ learned: half, ledger: half, movedMs: 50 })).toEqual([]);
    const paid = { result: 'paid', settled: 5n, returned: 0n };
    const { effectMs: _, ...plain } = tip({ learned: paid, ledger: paid, ...still });
    expect(judgeTip(plain)).toEqual([]);
  });

  test('is lost when its receipt is void, its tokens stay held, or its viewer never learns', () => {
    const untaken = { ledger: 'unknown', ...still, inLog: 0 } as const;
    expect(found(untaken)).toEqual(['lost_receipt']);
    expect(found({ ledger: 'held', learned: 'nothing' })).toEqual(['lost_held']);
    expect(found({ learned: 'nothing' })).toEqual(['lost_fate']);
    expect(found({ ...untaken, learned: 'nothing', seqs: [] })).toEqual(['lost_fate']);
  });

  test('is lost when its tokens do not add up, or the room was never told of it', () => {
    const short = { ...ran, settled: 4n };
    expect(found({ learned: short, ledger: short })).toEqual(['lost_tokens']);
    const over = { ...ran, returned: 1n };
    expect(found({ learned: over, ledger: over })).toEqual(['lost_tokens']);
    expect(found({ inLog: 0 })).toEqual(['lost_entry']);
    expect(found({ inLog: 0, owedEntry: false })).toEqual([]);
  });

  test('is misled about when its viewer was told something else', () => {
    expect(found({ learned: 'refused' })).toEqual(['misled']);
    expect(found({ learned: { ...ran, settled: 4n } })).toEqual(['misled']);
    expect(found({ learned: { ...ran, result: 'partly' } })).toEqual(['misled']);
    expect(found({ ledger: 'unknown', seqs: [], ...still, inLog: 0 })).toEqual(['misled']);
  });

  test('is unpaid when the device moved, or the room was told of it, and nobody paid', () => {
    const refused = { seqs: [], learned: 'refused', ledger: 'unknown' } as const;
    expect(found({ ...refused, inLog: 0 })).toEqual(['unpaid_effect']);
    expect(found({ ...refused, ...still })).toEqual(['unpaid_entry']);
    expect(found(refused)).toEqual(['unpaid_effect', 'unpaid_entry']);
    for (const result of ['expired', 'refused']) {
      const back = { result, settled: 0n, returned: 5n };
      expect(found({ learned: back, ledger: back })).toEqual(['unpaid_effect']);
    }
  });

  test('is doubled when it began, was charged or stands in the log twice', () => {
    expect(found({ begun: 2 })).toEqual(['doubled_effect']);
    expect(found({ seqs: ['1', '2'] })).toEqual(['doubled_charge']);
    expect(found({ inLog: 2 })).toEqual(['doubled_entry']);
  });

  test('is paid for nothing when the device never moved, whatever it is said to have done', () => {
    expect(found(still)).toEqual(['unmoved']);
    const partly = { result: 'partly', settled: 1n, returned: 4n };
    expect(found({ learned: partly, ledger: partly, ...still })).toEqual(['unmoved']);
    const paid = { result: 'paid', settled: 5n, returned: 0n };
    expect(found({ learned: paid, ledger: paid, ...still })).toEqual(['unmoved']);
    const none = { result: 'partly', settled: 0n, returned: 5n };
    expect(found({ learned: none, ledger: none, ...still })).toEqual([]);
  });

  test('is paid for more than it moved when it moved for less than was settled, late writes let pass', () => {
    expect(found({ movedMs: 1 })).toEqual(['unmoved_share']);
    expect(found({ movedMs: 49 })).toEqual(['unmoved_share']);
    expect(found({ movedMs: 60 })).toEqual([]);
    const long = { effectMs: 2_000 };
    expect(found({ ...long, movedMs: 1_899 })).toEqual(['unmoved_share']);
    expect(found({ ...long, movedMs: 1_901 })).toEqual([]);
    const partly = { result: 'partly', settled: 4n, returned: 1n };
    expect(found({ ...long, learned: partly, ledger: partly, movedMs: 1_400 })).toEqual(['unmoved_share']);
    expect(found({ ...long, learned: partly, ledger: partly, movedMs: 1_600 })).toEqual([]);
  });

  test('is paid once, and every token is somewhere', () => {
    const wallet = { viewer: 'v', bought: 100n, available: 95n, held: 0n };
    expect(judgeMoney([wallet], [tip({})], 5n)).toEqual([]);
    expect(judgeMoney([{ ...wallet, available: 90n }], [tip({})], 5n)).toEqual([{ who: 'v', tokens: -5n }]);
    expect(judgeMoney([wallet], [tip({})], 10n)).toEqual([{ who: 'the room', tokens: 5n }]);
    expect(judgeMoney([{ ...wallet, held: 1n }], [tip({})], 5n)).toEqual([{ who: 'v', tokens: 1n }]);
  });
});

describe('a log', () => {
  const entries = (from: number, to: number, epoch = 'e') =>
    Array.from({ length: to - from + 1 }, (_, i) => ({
      offset: from + i,
      digest: `${epoch} ${from + i}`,
      names: `chat ${epoch} ${from + i}`,
      atMono: from + i,
    }));
  const stretch = (from: number, to: number, more: Partial<Stretch> = {}): Stretch => ({
    epoch: 'e',
    from,
    atMono: 0,
    entries: entries(from, to, more.epoch),
    snapshot: [],
    ...more,
  });
  const log = (viewer: string, ...stretches: Stretch[]): ViewerLog => ({ viewer, stretches });
  const found = (logs: ViewerLog[], accepted: Accepted[] = []) =>
    judgeLogs(logs, accepted).losses.map(({ viewer, what }) => `${viewer} ${what}`);

  test('that is the same to all, wherever they came in, is in order', () => {
    expect(found([log('a', stretch(1, 9)), log('b', stretch(4, 9))])).toEqual([]);
    expect(found([])).toEqual([]);
  });

  test('with a gap, a double, or another content is seen', () => {
    const gap = { ...stretch(1, 9), entries: entries(1, 9).filter(({ offset }) => offset !== 5) };
    expect(found([log('a', gap), log('b', stretch(1, 9))])).toContain('a gap');
    const double = { ...stretch(1, 9), entries: [...entries(1, 5), ...entries(5, 9)] };
    expect(found([log('a', double), log('b', stretch(1, 9))])).toContain('a gap');
    const other = { ...stretch(1, 9), entries: [...entries(1, 8), { offset: 9, digest: 'x', atMono: 9 }] };
    expect(found([log('a', stretch(1, 9)), log('b', other)])).toEqual(['b differs']);
  });

  test('that was cut while its epoch went on is seen, a new epoch is told and no loss', () => {
    expect(found([log('a', stretch(1, 5), stretch(8, 9, { atMono: 5 }))])).toEqual(['a cut']);
    const renewed = stretch(1, 3, { epoch: 'f', atMono: 5 });
    const { losses, epochs } = judgeLogs(
      [log('a', stretch(1, 5), renewed), log('b', stretch(1, 4), renewed)],
      [],
    );
    expect([losses, epochs]).toEqual([[], 2]);
  });

  test('that ends before others’ do, or in a former epoch, is seen', () => {
    expect(found([log('a', stretch(1, 9)), log('b', stretch(1, 8))])).toEqual(['b behind']);
    const renewed = stretch(1, 3, { epoch: 'f', atMono: 5 });
    expect(found([log('a', stretch(1, 5), renewed), log('b', stretch(1, 5))])).toEqual(['b behind']);
    expect(found([log('a', stretch(1, 9)), { ...log('b', stretch(1, 8)), leftMono: 7 }])).toEqual([]);
  });

  test('that lacks what was accepted is seen, but for what came before a viewer did or a new epoch', () => {
    const said = { names: 'chat x', sentMono: 3, knownMono: 4 };
    expect(found([log('a', stretch(1, 9))], [said])).toEqual(['a untold']);
    expect(found([log('a', stretch(1, 9, { atMono: 4 }))], [said])).toEqual([]);
    expect(found([log('a', stretch(1, 9, { snapshot: ['chat x'] }))], [said])).toEqual([]);
    const renewed = stretch(1, 3, { epoch: 'f', atMono: 5 });
    expect(found([log('a', stretch(1, 9), renewed)], [said])).toEqual([]);
    expect(found([log('a', stretch(1, 9), renewed)], [{ ...said, sentMono: 6, knownMono: 7 }])).toEqual([
      'a untold',
    ]);
    expect(found([log('a', stretch(1, 9))], [{ ...said, names: 'chat e 7' }])).toEqual([]);
  });

  test('that lacks what was accepted long before a new epoch is seen, what came just before it is excused', () => {
    const told = (names: string, atMono: number) => ({ offset: 1, digest: names, names, atMono });
    const a = log(
      'a',
      stretch(1, 1, { entries: [told('chat 1', 60_000)] }),
      stretch(1, 1, { epoch: 'f', atMono: 90_000, entries: [told('chat 2', 150_000)] }),
      stretch(1, 1, { epoch: 'g', atMono: 200_000, entries: [told('chat 3', 300_000)] }),
    );
    const lacks = (sentMono: number, knownMono = sentMono + 10) =>
      found([a], [{ names: 'chat x', sentMono, knownMono }]).includes('a untold');
    expect([30_000, 54_000, 100_000, 144_000, 210_000].filter((sentMono) => !lacks(sentMono))).toEqual([]);
    expect([56_000, 60_010, 80_000, 149_000, 190_000].filter((sentMono) => lacks(sentMono))).toEqual([]);
    // It was said again and again, and nobody knows which time it came in.
    expect(lacks(40_000, 61_000)).toBe(false);
    expect(lacks(40_000, 50_000)).toBe(true);
  });

  test('that was cut under a viewer excuses nothing', () => {
    const a = log('a', stretch(1, 5), stretch(8, 9, { atMono: 50 }));
    expect(found([a], [{ names: 'chat x', sentMono: 30, knownMono: 31 }])).toEqual(['a cut', 'a untold']);
  });
});

test('shares and gaps', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)]).toEqual([50, 99, 100]);
  expect(percentile([], 0.5)).toBeNaN();
  expect(longestGap([2, 9, 3], 0, 10)).toBe(6);
  expect(longestGap([], 0, 10)).toBe(10);
});
