/** A person's hands on the keyboard, or lines from a pipe. */
import type { Bridge } from '../run.ts';

export interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(event: 'data', listener: (data: Buffer) => void): unknown;
  pause(): unknown;
}

/** Binds keys to the bridge until the returned function is called. */
export function bindHands(
  keyboard: Keyboard,
  bridge: Pick<Bridge, 'arm' | 'panic'>,
  leave: () => void,
): () => void {
  const raw = keyboard.isTTY === true;
  if (raw) keyboard.setRawMode?.(true);
  keyboard.on('data', (data) => {
    for (const key of data.toString()) press(key);
  });
  const press = (key: string) => {
    switch (key) {
      case 's':
      case ' ':
        bridge.panic();
        break;
      case 'a':
        bridge.arm();
        break;
      case 'q':
      case '\u0003': // Ctrl-C in raw mode
        leave();
        break;
    }
  };
  return () => {
    if (raw) keyboard.setRawMode?.(false);
    keyboard.pause();
  };
}
