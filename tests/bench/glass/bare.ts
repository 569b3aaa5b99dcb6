import type { BrowserContext, Page } from 'playwright-core';
import type { Size } from './clock.ts';

declare global {
  interface Window {
    nightjarPeer: RTCPeerConnection;
  }
}

/** What a camera needs at this size, as the studio asks for it. */
export const BITS_PER_SECOND: Readonly<Record<number, number>> = { 360: 1_000_000, 720: 2_500_000 };

/**
 * The shortest way that there is: one peer connection from page to page, no server, nothing of ours.
 *
 * @param origin a secure one
 * @returns the page that shows it
 */
export async function openBare(
  context: BrowserContext,
  origin: string,
  { size, sound }: { size: Size; sound: boolean },
): Promise<{ viewer: Page; close(): Promise<void> }> {
  const [camera, viewer] = [await context.newPage(), await context.newPage()];
  for (const page of [camera, viewer]) {
    await page.route(`${origin}/bare`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><video muted></video>' }),
    );
    await page.goto(`${origin}/bare`);
  }
  const offer = await camera.evaluate(
    async ({ size, sound, maxBitrate }) => {
      const peer = new RTCPeerConnection();
      window.nightjarPeer = peer;
      const track = window.nightjarClockCamera(size);
      // One stream for both, as a broadcaster's are: browsers keep what belongs together in step.
      const stream = new MediaStream([track]);
      const { sender } = peer.addTransceiver(track, {
        direction: 'sendonly',
        streams: [stream],
        sendEncodings: [{ maxBitrate, maxFramerate: 30 }],
      });
      const parameters = sender.getParameters();
      parameters.degradationPreference = 'maintain-resolution';
      await sender.setParameters(parameters);
      if (sound) {
        const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
        for (const voice of microphone.getAudioTracks())
          peer.addTransceiver(voice, { direction: 'sendonly', streams: [stream] });
      }
      await peer.setLocalDescription();
      await new Promise<void>((resolve) => {
        if (peer.iceGatheringState === 'complete') resolve();
        else peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && resolve();
      });
      return peer.localDescription?.toJSON();
    },
    { size, sound, maxBitrate: BITS_PER_SECOND[size.height] ?? 2_500_000 },
  );
  const answer = await viewer.evaluate(async (offer) => {
    const peer = new RTCPeerConnection();
    window.nightjarPeer = peer;
    const video = document.querySelector('video') as HTMLVideoElement;
    peer.ontrack = ({ streams }) => {
      video.srcObject = streams[0] ?? null;
      void video.play();
    };
    await peer.setRemoteDescription(offer as RTCSessionDescriptionInit);
    await peer.setLocalDescription();
    await new Promise<void>((resolve) => {
      if (peer.iceGatheringState === 'complete') resolve();
      else peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && resolve();
    });
    return peer.localDescription?.toJSON();
  }, offer);
  await camera.evaluate(
    (answer) => window.nightjarPeer.setRemoteDescription(answer as RTCSessionDescriptionInit),
    answer,
  );
  await viewer.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
  return {
    viewer,
    async close() {
      await Promise.all([camera.close(), viewer.close()]);
    },
  };
}
