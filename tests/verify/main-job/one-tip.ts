import { row, say } from '../../lib/print.ts';
import { until } from '../../lib/until.ts';
import type { Scene } from './scene.ts';

/** How long nothing may happen after the same tip came again. */
const QUIET_MS = 2_500;

/** A tip from the viewer's socket to the receipt and the picture; then the same one again. */
export async function sendTwice(
  scene: Scene,
): Promise<{ toDeviceMs: number; toVideoMs: number; once: boolean }> {
  const { viewer, device, frames, bridge } = scene;
  await until('the picture shows the device at rest', () => frames.at(-1)?.level === 0);
  say('one tip');
  const sentMono = performance.now();
  const sentWall = performance.timeOrigin + sentMono;
  const tip = viewer.tip({ itemId: 'buzz' });
  for await (const stage of tip) row(stage.atMs, `viewer: ${stage.stage}`);
  const end = await tip.end;
  const heard = device.heard.filter(({ atMono, text }) => atMono >= sentMono && text.startsWith('Vibrate:'));
  for (const { atMono, text } of heard) row(atMono - sentMono, `device: ${text}`);
  const moved = heard.find(({ text }) => text !== 'Vibrate:0;');
  if (!moved) throw new Error('the device never moved');
  const writes = bridge.lines.filter(({ is, atMs }) => is === 'write' && atMs >= sentWall - 1);
  for (const [i, { atMs, what, level }] of writes.entries()) {
    // A level is written again and again, as part of each renewal of the lease: its changes are enough to read.
    if (writes[i - 1]?.level !== level) row(atMs - sentWall, `bridge: writes ${what} ${level}`);
  }
  const movedWall = performance.timeOrigin + moved.atMono;
  const shown = frames.find(({ seenMs, level }) => seenMs >= movedWall - 1 && level > 0);
  if (!shown) throw new Error('the picture never showed it');
  row(shown.seenMs - sentWall, `picture: gauge at ${shown.level} of 1000`);
  await until('the picture shows the device at rest again', () => frames.at(-1)?.level === 0);
  const balance = await viewer.wallet.balance();
  say(`           outcome: ${end.stage}; wallet: ${balance.available} available, ${balance.held} held`);

  say('\nthe same tip again');
  const before = device.heard.length;
  const receipt = await tip.receipt;
  const again = await viewer.tip({ itemId: 'buzz', tipId: tip.tipId }).receipt;
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  const moves = device.heard.slice(before).filter(({ text }) => /^Vibrate:[1-9]/.test(text));
  const after = await viewer.wallet.balance();
  const once = again.seq === receipt.seq && moves.length === 0 && after.available === balance.available;
  say(
    `           the same receipt, ${moves.length} commands that move, wallet: ${after.available} available`,
  );
  return { toDeviceMs: moved.atMono - sentMono, toVideoMs: shown.seenMs - movedWall, once };
}
