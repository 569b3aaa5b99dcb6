import type { Sanction } from '@nightjar/contracts/ws-protocol';
import type { CaptureKind } from '../setup/capture-trouble.ts';

/** What a person does during a show. Stopping is not among it: that is the stop bar's. */
export interface LiveHands {
  mute(muted: boolean): void;
  cameraOff(off: boolean): void;
  /** Asks for camera and microphone again, after one of them went away. */
  startCapture(): void;
  choose(kind: CaptureKind, id: string): void;
  /** Sends the picture from here again, after another window took it over. */
  takeUp(): void;
  arm(): void;
  disarm(): void;
  /** Moves the device gently for a second, latched. */
  tryIt(): void;
  /** Starts the bridge again after its end. */
  restart(): void;
  say(text: string): void;
  strike(lineId: string): void;
  sanction(who: string, what: Sanction): void;
  lift(who: string): void;
  takeKeysBack(): void;
  end(): Promise<void>;
}
