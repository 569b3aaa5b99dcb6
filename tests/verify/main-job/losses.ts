import { row, say } from '../../lib/print.ts';
import { until } from '../../lib/until.ts';
import { type Scene, TOKENS } from './scene.ts';

/** How soon the device must have its stop. */
export const BARS = { cutMs: 1_000, killMs: 1_000, freezeMs: 1_500 } as const;

/** Longer than any of the bars: what has not stopped by then does not stop. */
const STOP_WITHIN_MS = 6_000;
/** The effect has run for so long when it happens. */
const INTO_EFFECT_MS = 700;
/** Frozen for longer than a gap of permits may last: when it thaws, it is as if it had slept. */
const FROZEN_MS = 4_500;
/** How long we watch that a thawed bridge does not move the device by itself. */
const QUIET_MS = 1_500;

/** Tips for a long effect, waits until it runs, and answers how long the device took to rest after `loss`. */
async function stopAfter(scene: Scene, what: string, loss: () => void): Promise<number> {
  const { viewer, device } = scene;
  await scene.untilArmed();
  say(`\n${what}`);
  const tip = viewer.tip({ itemId: 'climb' });
  await until('the effect runs', () => device.moves);
  await new Promise((resolve) => setTimeout(resolve, INTO_EFFECT_MS));
  const atMono = performance.now();
  loss();
  const ms = await device.stopAfter(atMono, STOP_WITHIN_MS);
  row(ms, 'the device has its stop');
  scene.endings.push(tip.end);
  return ms;
}

async function untilEnded(scene: Scene): Promise<void> {
  const end = await scene.endings.at(-1);
  const money = end && 'returned' in end ? `, ${end.settled} to the room, ${end.returned} back` : '';
  say(`           the tip ended: ${end?.stage}${money}`);
}

/** The line to events is pulled, then closed; the slower of the two. */
export async function cutInMidEffect(scene: Scene): Promise<number> {
  const { line } = scene;
  const pulled = await stopAfter(scene, 'the cable between bridge and events is pulled', () => line.pull());
  line.mend();
  await untilEnded(scene);
  const closed = await stopAfter(scene, 'the connection between bridge and events is closed', () =>
    line.close(),
  );
  line.mend();
  await untilEnded(scene);
  return Math.max(pulled, closed);
}

export async function killInMidEffect(scene: Scene): Promise<number> {
  const { device } = scene;
  const ms = await stopAfter(scene, 'the bridge is killed (SIGKILL)', () => scene.bridge.signal('SIGKILL'));
  const before = device.heard.length;
  await scene.restartBridge();
  await untilEnded(scene);
  const moves = device.heard.slice(before).some(({ text }) => /^Vibrate:[1-9]/.test(text));
  if (moves) throw new Error('the new run of the bridge moved the device for the old tip');
  return ms;
}

export async function freezeInMidEffect(scene: Scene): Promise<number> {
  const { device } = scene;
  const ms = await stopAfter(scene, 'the bridge is frozen (SIGSTOP)', () => scene.bridge.signal('SIGSTOP'));
  const before = device.heard.length;
  await new Promise((resolve) => setTimeout(resolve, FROZEN_MS - ms));
  scene.bridge.signal('SIGCONT');
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  const moves = device.heard.slice(before).some(({ text }) => /^Vibrate:[1-9]/.test(text));
  if (moves) throw new Error('the thawed bridge moved the device');
  await untilEnded(scene);
  return ms;
}

/** Every token that was bought is in the wallet or with the room. */
export async function checkMoney({ viewer, room, identity, platform }: Scene): Promise<boolean> {
  const { available, held } = await viewer.wallet.balance();
  const { accessToken } = await identity.accessToken('payments');
  const response = await fetch(`${platform.endpoints.payments}/v1/rooms/${room.roomId}/earnings`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const { earned } = (await response.json()) as { earned: string };
  say(`\n${TOKENS} tokens bought: ${available} in the wallet, ${held} held, ${earned} earned by the room`);
  return held === 0n && available + BigInt(earned) === TOKENS;
}
