/**
 * One tip on real parts, and what happens to the device when things die in the middle of an effect: the platform as
 * processes, LiveKit with the demo's picture, a real device engine with a simulated device, `nightjar-bridge`, and a
 * viewer on the SDK.
 */
import { watchPicture } from '@nightjar/demo/watch-picture';
import type { Program } from '../../scripts/lib/programs.ts';
import { oneDecimal, say } from '../lib/print.ts';
import { BARS, checkMoney, cutInMidEffect, freezeInMidEffect, killInMidEffect } from './main-job/losses.ts';
import { sendTwice } from './main-job/one-tip.ts';
import { buildScene } from './main-job/scene.ts';

export const run: Program = async ({ signal }) => {
  await using scene = await buildScene(signal);
  const picture = await watchPicture(await scene.guestGrant(), scene.onFrame);
  await using _picture = picture;
  const tip = await sendTwice(scene);
  const cut = await cutInMidEffect(scene);
  const kill = await killInMidEffect(scene);
  const freeze = await freezeInMidEffect(scene);
  const balanced = await checkMoney(scene);
  const figures = {
    tip_to_device_ms: oneDecimal(tip.toDeviceMs),
    device_to_video_ms: oneDecimal(tip.toVideoMs),
    stop_after_cut_ms: oneDecimal(cut),
    stop_after_kill_ms: oneDecimal(kill),
    stop_after_freeze_ms: oneDecimal(freeze),
  };
  const within =
    figures.stop_after_cut_ms <= BARS.cutMs &&
    figures.stop_after_kill_ms <= BARS.killMs &&
    figures.stop_after_freeze_ms <= BARS.freezeMs;
  say(`\npicture: ${picture.frames} frames received, ${picture.unread} unreadable`);
  return { verify: 'main-job', ok: within && tip.once && balanced, ...figures };
};
