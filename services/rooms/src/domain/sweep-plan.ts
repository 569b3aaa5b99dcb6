/** A LiveKit room as LiveKit tells of it. */
export interface MediaRoom {
  readonly name: string;
  readonly publishers: number;
  /** Counted just now by looking into it, not some seconds ago by LiveKit. */
  readonly lookedInto?: boolean;
}

export interface SweepPlan {
  /** LiveKit rooms of ours whose show is over. */
  readonly remove: readonly string[];
  /** Open shows in which somebody publishes. */
  readonly withPicture: readonly string[];
  readonly lookedInto: readonly string[];
}

/**
 * What to do so that LiveKit and the database agree. LiveKit must have been asked first: a room exists only after its
 * show was opened, so a room without an open show afterwards is one whose show has ended. Rooms that are not named like
 * a show are not ours to touch.
 */
export function planSweep(rooms: readonly MediaRoom[], openShows: ReadonlySet<string>): SweepPlan {
  const ours = rooms.filter(({ name }) => name.startsWith('show_'));
  return {
    remove: ours.filter(({ name }) => !openShows.has(name)).map(({ name }) => name),
    lookedInto: ours.filter(({ lookedInto }) => lookedInto).map(({ name }) => name),
    withPicture: ours
      .filter(({ name, publishers }) => publishers > 0 && openShows.has(name))
      .map(({ name }) => name),
  };
}
