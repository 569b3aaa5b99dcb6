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
  size: Size,
): Promise<{ viewer: Page; close(): Promise<void> }> {
  const [camera, viewer] = [await context.newPage(), await context.newPage()];
  for (const page of [camera, viewer]) {
    await page.route(`${origin}/bare`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><video muted></video>' }),
    );
    await page.goto(`${origin}/bare`);
  }
  const offer = await camera.evaluate(
    async ({ size, maxBitrate }) => {
      const peer = new RTCPeerConnection();
      window.nightjarPeer = peer;
      const track = window.nightjarClockCamera(size);
      const { sender } = peer.addTransceiver(track, {
        direction: 'sendonly',
        sendEncodings: [{ maxBitrate, maxFramerate: 30 }],
      });
      const parameters = sender.getParameters();
      parameters.degradationPreference = 'maintain-resolution';
      await sender.setParameters(parameters);
      await peer.setLocalDescription();
      await new Promise<void>((resolve) => {
        if (peer.iceGatheringState === 'complete') resolve();
        else peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && resolve();
      });
      return peer.localDescription?.toJSON();
    },
    { size, maxBitrate: BITS_PER_SECOND[size.height] ?? 2_500_000 },
  );
  const answer = await viewer.evaluate(async (offer) => {
    const peer = new RTCPeerConnection();
    window.nightjarPeer = peer;
    const video = document.querySelector('video') as HTMLVideoElement;
    peer.ontrack = ({ track }) => {
      video.srcObject = new MediaStream([track]);
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
