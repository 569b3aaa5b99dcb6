export const USAGE = `nightjar-viewer: watch and tip from a terminal

  rooms                        rooms that are live
  watch [ROOM]                 what happens in a room, until Ctrl-C
  tip [ROOM] [ITEM|AMOUNT]     tip, and follow the tip to its end
  menu [ROOM]                  what can be tipped for
  balance                      the wallet's tokens
  buy AMOUNT                   tokens for play money
  chat [ROOM]                  says lines from standard input, sealed to the room

ROOM is a room's id or slug; left out, the live room. ITEM is an item's id or the beginning of its name; left out,
the first item with an effect.

  --endpoints FILE|ORIGIN      where the platform is (NIGHTJAR_ENDPOINTS; else the one that scripts/start runs here)
  --id TIP                     tip: send this tip again; it happens once
  --no-wait                    tip: end when the tip is accepted
  --no-buy                     tip: do not buy play money when the wallet has too little
  --seconds N                  watch: end after so long
  --json                       one JSON object a line, for programs
  --help

Keys are in \${NIGHTJAR_HOME}/nightjar, or in your data folder; whoever has them is you, and has your tokens.
Ends with 0 when it was done, 1 when it could not be, 2 when it was asked wrongly, 3 when a tip did not run and its
tokens came back.
`;

/** Asked wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
