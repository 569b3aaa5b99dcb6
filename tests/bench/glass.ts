/**
 * Glass to glass: from the studio's camera to a viewer's picture through the whole platform, beside a bare peer connection
 * between two pages of the same browser in the same run. A clock is in the picture; both ends are on one machine.
 */
import type { Program } from '../../scripts/lib/programs.ts';
import { say } from '../lib/print.ts';
import { openBare } from './glass/bare.ts';
import { type Delays, readClock, type Size } from './glass/clock.ts';
import { openPlatform } from './glass/platform.ts';

const SIZES: readonly Size[] = [
  { width: 640, height: 360 },
  { width: 1280, height: 720 },
];
/** Sound off, as a viewer's page begins, and on: then browsers hold the picture back until both fit together. */
const CASES = [false, true].flatMap((sound) => SIZES.map((size) => ({ size, sound })));
const READ_MS = 30_000;
const READ_MS_SHORT = 8_000;
/** Jitter buffers and encoders have settled by then. */
const SETTLE_MS = 5_000;
const BARS = { p50: 1.3, p95: 1.5 } as const;
/** Frames whose clock could not be read make a figure worthless. */
const UNREAD_SHARE_MAX = 0.02;

export const run: Program = async ({ args, signal }) => {
  const readMs = args.includes('--short') ? READ_MS_SHORT : READ_MS;
  await using platform = await openPlatform(signal);
  const rows: { size: Size; sound: boolean; floor: Delays; way: Delays; p50: number; p95: number }[] = [];
  for (const { size, sound } of CASES) {
    const bare = await openBare(platform.context, platform.origin, { size, sound });
    const floor = await settled(() => readClock(bare.viewer, readMs));
    await bare.close();
    const what = `${size.width}×${size.height}${sound ? ' with sound' : ''}`;
    print(`bare, ${what}`, floor);
    const viewer = await platform.show({ size, sound });
    const way = await settled(() => readClock(viewer, readMs));
    await viewer.close();
    print(`platform, ${what}`, way);
    rows.push({ size, sound, floor, way, p50: way.p50 / floor.p50, p95: way.p95 / floor.p95 });
  }
  const worst = (of: 'p50' | 'p95') => twoDecimals(Math.max(...rows.map((row) => row[of])));
  const read = rows.every(({ size, floor, way }) => isGood(floor, size) && isGood(way, size));
  const figures = { ratio_p50: worst('p50'), ratio_p95: worst('p95') };
  return {
    bench: 'glass',
    ok: read && figures.ratio_p50 <= BARS.p50 && figures.ratio_p95 <= BARS.p95,
    ...figures,
    rows: rows.map(({ size, sound, floor, way, p50, p95 }) => ({
      height: size.height,
      sound,
      bare_p50_ms: floor.p50,
      bare_p95_ms: floor.p95,
      platform_p50_ms: way.p50,
      platform_p95_ms: way.p95,
      ratio_p50: twoDecimals(p50),
      ratio_p95: twoDecimals(p95),
    })),
  };
};

async function settled<T>(read: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return read();
}

function isGood({ frames, unread, size }: Delays, wanted: Size): boolean {
  return frames > 0 && unread / frames <= UNREAD_SHARE_MAX && size.height === wanted.height;
}

function print(what: string, { frames, unread, p50, p95, size }: Delays): void {
  say(
    `${what.padEnd(32)} p50 ${p50} ms, p95 ${p95} ms; ${frames} frames, ${unread} unread, shown ${size.width}×${size.height}`,
  );
}

function twoDecimals(value: number): number {
  return Math.round(value * 100) / 100;
}
