import { PAD_EVERY_MS } from '../limits.ts';

/** The four face buttons of a standard pad: whichever the thumb finds. https://w3c.github.io/gamepad/#remapping */
const FACE_BUTTONS = 4;

/** Whether a face button went down since the last look. Pure: `before` and what is returned hold the buttons' states. */
export function padPress(
  before: ReadonlyMap<number, readonly boolean[]>,
  pads: readonly (Pick<Gamepad, 'index' | 'buttons'> | null)[],
): { pressed: boolean; now: Map<number, boolean[]> } {
  const now = new Map<number, boolean[]>();
  let pressed = false;
  for (const pad of pads) {
    if (!pad) continue;
    const buttons = pad.buttons.slice(0, FACE_BUTTONS).map((button) => button.pressed);
    // One that is held while its pad appears was pressed for something else, but a stop too many hurts nobody.
    pressed ||= buttons.some((down, i) => down && before.get(pad.index)?.[i] !== true);
    now.set(pad.index, buttons);
  }
  return { pressed, now };
}

/** Calls `onPress` when a face button of any game pad goes down. Looks only while there is a pad. */
export function watchPads(window: Window, onPress: () => void): void {
  let timer: number | undefined;
  let before: ReadonlyMap<number, readonly boolean[]> = new Map();
  const look = (): void => {
    const pads = window.navigator.getGamepads();
    const { pressed, now } = padPress(before, pads);
    before = now;
    if (pressed) onPress();
    if (now.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
  window.addEventListener('gamepadconnected', () => {
    timer ??= window.setInterval(look, PAD_EVERY_MS);
  });
}
