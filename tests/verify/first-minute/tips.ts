import { row, say } from '../../lib/print.ts';
import { until } from '../../lib/until.ts';
import { median } from './median.ts';
import type { Scene } from './scene.ts';
import type { ViewerPage } from './viewer-page.ts';

const TIPS = 5;
const ITEM = 'A little buzz';

/** Tips by a press of a button: until the device hears of it, and until the viewer sees it in the picture. */
export async function tipByClick(
  { device }: Scene,
  viewer: ViewerPage,
): Promise<{ toDeviceMs: number; toPictureMs: number }> {
  say('tips by a press of a button');
  await viewer.getTokens();
  const toDevice: number[] = [];
  const toPicture: number[] = [];
  for (let n = 0; n < TIPS; n++) {
    await until('the device rests', () => !device.moves);
    const heard = device.levels.length;
    await viewer.tip(ITEM);
    await until('the picture shows it', async () => (await viewer.seen()).gaugeMs > 0);
    const { clickedMs, gaugeMs } = await viewer.seen();
    const moved = device.levels.slice(heard).find(({ level }) => level > 0);
    if (!moved) throw new Error('the device never moved');
    toDevice.push(performance.timeOrigin + moved.atMono - clickedMs);
    toPicture.push(gaugeMs - clickedMs);
    await viewer.tipEnded('ran');
    row(
      toDevice.at(-1),
      `to the device; to the picture ${toPicture.at(-1)} ms; the viewer's line says 'ran'`,
    );
  }
  return { toDeviceMs: median(toDevice), toPictureMs: median(toPicture) };
}
