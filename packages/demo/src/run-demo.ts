import { setTimeout as pause } from 'node:timers/promises';
import type { Endpoints } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { Identity } from '@nightjar/client/identity';
import { keyFiles } from '@nightjar/client/node/key-files';
import { ProblemError } from '@nightjar/client/problem-error';
import { type Room, Rooms } from '@nightjar/client/rooms';
import { getTicket } from '@nightjar/client/tickets';
import { ensureRoom, ensureShow } from './demo-room.ts';
import { type Device, startDevice } from './device.ts';
import { keepChat } from './keep-chat.ts';
import { keepStill } from './keep-still.ts';
import {
  FRAMES_PER_SECOND_DEFAULT,
  LEAVE_MS_MAX,
  PUBLISH_RETRY_MS,
  PUBLISH_RETRY_MS_MAX,
  START_MS_MAX,
  WAIT_MS_MAX,
} from './limits.ts';
import { mediaUrl } from './media-url.ts';
import { type Gauge, type Published, publishPicture } from './publish-picture.ts';

export interface DemoOptions {
  readonly endpoints: Endpoints;
  /** Where the demo's keys lie. */
  readonly folder: string;
  readonly framesPerSecond?: number;
  /** An Intiface engine; without one the device is simulated. */
  readonly intiface?: string;
  /** Starts before the platform does, and before an operator has let it in. */
  readonly waits?: boolean;
  /** Shown instead of a bridge of the demo's own: another bridge has the seat. */
  readonly gauge?: () => Gauge;
  readonly onEvent: (event: DemoEvent) => void;
}

export type DemoEvent =
  | { readonly is: 'room'; readonly roomId: string; readonly slug: string }
  | { readonly is: 'picture'; readonly live: boolean; readonly why?: string }
  | { readonly is: 'bridge'; readonly phase: string; readonly why?: string }
  | { readonly is: 'device'; readonly status: string }
  /** `code`: the keeper's, for comparing with what a viewer's page shows. */
  | { readonly is: 'chat'; readonly phase: string; readonly code: string };

export interface Demo extends AsyncDisposable {
  readonly room: Room;
  /** Draws a frame at once, where the gauge is another's. */
  redraw(): void;
}

/**
 * A broadcaster's evening in one program: a room with a menu, a show, a picture, a device, and the chat's keys. It comes back by itself
 * from whatever the platform does; it ends in good order: first the device's stop, then the show.
 *
 * @throws ProblemError `not_a_broadcaster` when the operator has not made this key one, unless it waits for that
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { endpoints, folder, onEvent, waits = false } = options;
  const http = createHttpClient();
  const keys = keyFiles(folder);
  const identity = new Identity({ endpoints, http, keys, broadcaster: true });
  const rooms = new Rooms({ endpoints, http, identity });
  await using stack = new AsyncDisposableStack();
  const room = await patiently(waits, () => ensureRoom(rooms));
  const { roomId, slug } = room;
  onEvent({ is: 'room', roomId, slug });
  await patiently(waits, () => ensureShow(rooms, roomId));
  stack.defer(() => within(LEAVE_MS_MAX, rooms.endShow(roomId)));
  stack.use(keepChat({ endpoints, http, identity, keys, roomId, folder, onEvent }));
  let published: Published | undefined;
  let device: Device | undefined;
  const rest: Gauge = { level: 0, status: 'AT REST' };
  const leaving = new AbortController();
  const publishing = keepPublishing({
    signal: leaving.signal,
    onEvent,
    publish: async () => {
      await ensureShow(rooms, roomId);
      const { ticket } = await getTicket({ endpoints, http, identity, roomId, as: 'broadcaster' });
      const grant = await rooms.mediaGrant(roomId, ticket);
      published = await publishPicture({
        grant: { ...grant, url: mediaUrl(endpoints, grant.url) },
        gauge: options.gauge ?? (() => device?.gauge ?? rest),
        framesPerSecond: options.framesPerSecond ?? FRAMES_PER_SECOND_DEFAULT,
      });
      return published;
    },
  });
  const stills = keepStill({ rooms, roomId, still: () => published?.still(), signal: leaving.signal });
  stack.defer(async () => {
    leaving.abort();
    await Promise.all([publishing, stills]);
  });
  if (!options.gauge) {
    device = await startDevice({
      ...{ endpoints, http, identity, keys, roomId, folder },
      ...(options.intiface === undefined ? {} : { intiface: options.intiface }),
      onChange: () => published?.redraw(),
      onStatus: (status) => onEvent({ is: 'device', status }),
    });
    device.link.on('phase', ({ phase, reason }) =>
      onEvent({ is: 'bridge', phase, ...(reason ? { why: reason.why } : {}) }),
    );
    // Disposed of first: whatever else takes time, the stop is written before.
    stack.use(device);
  }
  const owned = stack.move();
  return {
    room,
    redraw: () => published?.redraw(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Publishes, and again when it broke, until it is told to leave. */
async function keepPublishing(parts: {
  signal: AbortSignal;
  onEvent: DemoOptions['onEvent'];
  publish: () => Promise<Published>;
}): Promise<void> {
  const { signal, onEvent, publish } = parts;
  const left = new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve('left'), { once: true });
  });
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await using published = await publish();
      failures = 0;
      onEvent({ is: 'picture', live: true });
      const why = await Promise.race([published.ended, left]);
      onEvent({ is: 'picture', live: false, why });
    } catch (error) {
      onEvent({ is: 'picture', live: false, why: (error as Error).message });
    }
    const waitMs = Math.min(PUBLISH_RETRY_MS * 2 ** failures, PUBLISH_RETRY_MS_MAX);
    await pause(waitMs, undefined, { signal }).catch(() => {});
  }
}

/** At the start the platform may still be on its way up. */
async function patiently<T>(waits: boolean, work: () => Promise<T>): Promise<T> {
  const endMono = performance.now() + (waits ? WAIT_MS_MAX : START_MS_MAX);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const passes =
        error instanceof ProblemError && (error.retry || (waits && error.code === 'not_a_broadcaster'));
      if (!passes || performance.now() > endMono) throw error;
      await pause(PUBLISH_RETRY_MS);
    }
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work.catch(() => {}), pause(ms, undefined, { ref: false })]);
}
