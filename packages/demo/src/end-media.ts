import { dispose } from '@livekit/rtc-node';

/** Ends LiveKit's own threads, which otherwise keep a process alive. After this no picture can be had in it. */
export async function endMedia(): Promise<void> {
  await dispose();
}
