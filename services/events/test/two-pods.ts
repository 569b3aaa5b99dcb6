import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { eventsPlatform, type Platform, type Pod } from './events-under-test.ts';

/** Set while a test runs that is one of `onTwoPods`. */
export let platform: Platform;
export let pods: readonly [Pod, Pod];
/** Of this test alone. */
export let room: { readonly roomId: string; readonly broadcasterId: string };

/** The tests of this file run on one platform, with two pods of events; each has a room of its own. */
export function onTwoPods(): void {
  beforeAll(async () => {
    platform = await eventsPlatform();
    pods = [await platform.startPod(), await platform.startPod()];
  });

  afterAll(async () => {
    for (const pod of pods) await pod[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    room = await platform.neighbours.newRoom();
  });
}
