export const USAGE = `nightjar-bridge: turns a room's tips into what a device does

  nightjar-bridge --room ROOM [--driver simulated|intiface]

ROOM is the id or slug of a room of yours. The bridge starts latched: nothing moves before you arm it.

  a            arm
  s or space   stop everything, now; nothing moves until you arm again
  q            stop and leave

From a pipe the same letters are taken as lines.

  --room ROOM
  --driver simulated|intiface  what drives the device (simulated)
  --intiface URL               Intiface's WebSocket (ws://127.0.0.1:12345); its max ping time must be 1 to 500 ms, best 400
  --endpoints FILE|ORIGIN      where the platform is (NIGHTJAR_ENDPOINTS; else the one that scripts/start runs here)
  --keys FOLDER                your keys (\${NIGHTJAR_HOME}/nightjar, or your data folder)
  --journal FILE               what must survive a crash (by default in the folder of your keys)
  --arm                        arm at start, with nobody asked: for demos and tests
  --json                       one JSON object a line, for programs
  --help

Ends with 0 when it was left, 1 when it could not go on, 2 when it was asked wrongly.
`;

/** Asked wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
