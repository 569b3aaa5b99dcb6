import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@nightjar/kit/clock';
import type { Context } from './context.ts';
import { VIEWERS_ASKED_MS_MAX, VIEWERS_FRESH_MS, VIEWERS_KNOWN_MS, VIEWERS_WAITED_MS_MAX } from './limits.ts';

export type ViewerCounts = (roomIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;

/**
 * How many watch, as `events` counted not long ago, asked for all rooms of the directory together. A count that is not
 * known is missing: nobody waits long for one, and none is worth an error.
 */
export function viewerCounts(events: Pick<Context['events'], 'countViewers'>, clock: Clock): ViewerCounts {
  let counts: ReadonlyMap<string, number> = new Map();
  let countedAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function ask(roomIds: readonly string[]): Promise<void> {
    const deadlineMs = clock.wall() + VIEWERS_ASKED_MS_MAX;
    const { viewers } = await events.countViewers({ roomIds: [...roomIds] }, { deadlineMs });
    counts = new Map(
      roomIds.flatMap((roomId, i) => (viewers[i] === undefined ? [] : [[roomId, viewers[i]]])),
    );
    countedAtMs = clock.mono();
  }
  const isKnown = () => clock.mono() - countedAtMs < VIEWERS_KNOWN_MS;

  return async (roomIds) => {
    if (!asking && clock.mono() - triedAtMs >= VIEWERS_FRESH_MS) {
      triedAtMs = clock.mono();
      asking = ask(roomIds)
        // They are asked for again soon; the directory shows none meanwhile.
        .catch(() => undefined)
        .finally(() => {
          asking = undefined;
        });
    }
    if (asking && !isKnown())
      await Promise.race([asking, sleep(VIEWERS_WAITED_MS_MAX, undefined, { ref: false })]);
    return isKnown() ? counts : new Map();
  };
}
