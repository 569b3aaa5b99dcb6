/**
 * The first minute: a broadcaster goes live from the studio in real Chromium, with a device behind a real engine; viewers
 * come in cold, tip by a press, see the device answer in the picture, talk, and one is banned.
 */
import type { Program } from '../../scripts/lib/programs.ts';
import { oneDecimal, say } from '../lib/print.ts';
import { loadCold } from './first-minute/cold-loads.ts';
import { BARS, COLD_LOADS, COLD_LOADS_SHORT } from './first-minute/limits.ts';
import { median } from './first-minute/median.ts';
import { buildScene } from './first-minute/scene.ts';
import { ban, talk } from './first-minute/talk-and-ban.ts';
import { tipByClick } from './first-minute/tips.ts';

export const run: Program = async ({ args, signal }) => {
  await using scene = await buildScene(signal);
  say('cold loads of the room');
  const loads = [];
  const wanted = args.includes('--short') ? COLD_LOADS_SHORT : COLD_LOADS;
  while (loads.length < wanted) loads.push(await loadCold(scene.room));
  say();
  const one = await scene.newViewer();
  const tips = await tipByClick(scene, one);
  const other = await scene.newViewer();
  const plainLines = await talk(scene, one, other);
  const banned = await ban(scene, other);
  const hosts = new Set(loads.flatMap((load) => [...load.hosts]));
  const figures = {
    first_frame_ms: oneDecimal(median(loads.map(({ firstFrameMs }) => firstFrameMs))),
    click_to_device_ms: oneDecimal(tips.toDeviceMs),
    click_to_picture_ms: oneDecimal(tips.toPictureMs),
    ban_to_last_frame_ms: oneDecimal(banned.lastFrameMs),
    plain_lines_on_server: plainLines,
    script_kb_before_picture: oneDecimal(Math.max(...loads.map(({ scriptBytes }) => scriptBytes)) / 1_000),
  };
  const ok =
    figures.first_frame_ms <= BARS.firstFrameMs &&
    figures.ban_to_last_frame_ms <= BARS.banToLastFrameMs &&
    figures.plain_lines_on_server === 0 &&
    figures.script_kb_before_picture <= BARS.scriptKb &&
    banned.out &&
    hosts.size === 1;
  return { verify: 'first-minute', ok, ...figures };
};
