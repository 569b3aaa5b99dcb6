/** A thing that some service has, as exactly as people need it. Kept true by whoever changes what is stored. */
export interface Known {
  readonly what: string;
  readonly more: string;
  readonly howLong: string;
}

export interface KnownGroup {
  readonly name: string;
  readonly things: readonly Known[];
}

/** What the services' tables, logs and memory have of a viewer: see the README of each service. */
export const SERVER_KNOWS: readonly KnownGroup[] = [
  {
    name: 'Your account',
    things: [
      {
        what: 'A random id and the public half of this browser’s key',
        more: 'No name, no e-mail, no address, and no day on which it was made or used.',
        howLong: 'Until you disappear',
      },
      {
        what: 'That you are a broadcaster',
        more: 'Only if the operator made you one, with the rooms, menus and shows that are yours.',
        howLong: 'Your right until you disappear; the room stays',
      },
    ],
  },
  {
    name: 'Your name in a room',
    things: [
      {
        what: 'Nothing that lists them',
        more: 'A name is worked out of your account and the room each time you come in, with a secret of the operator’s. Whoever has both that secret and the accounts could work it out too.',
        howLong: 'Not kept',
      },
      {
        what: 'Who is in a room, and who watches its picture',
        more: 'Under the room’s name for you, so that a ban finds the right one.',
        howLong: 'While you are there, and until the show’s end',
      },
      {
        what: 'Your lines',
        more: 'Under that name, with the time. What they say is sealed: no service can read it.',
        howLong: 'In the room’s log: the latest 1,000 entries, at most a day after the last',
      },
      {
        what: 'A broadcaster’s decision about you',
        more: 'A silence until it is over, a removal until the show ends, a ban until it is lifted.',
        howLong: 'As long as it holds',
      },
    ],
  },
  {
    name: 'Your wallet',
    things: [
      {
        what: 'The public half of the wallet’s key, and its balance',
        more: 'Nothing in it leads to your account.',
        howLong: 'For good',
      },
      {
        what: 'Each tip',
        more: 'The room, the amount, how long its effect was, when, and what became of it. Without your name in the room.',
        howLong: 'For good',
      },
      {
        what: 'Who sent a tip',
        more: 'The room’s name for you, sealed, beside the tip’s number. An operator who opens it could join name and wallet.',
        howLong: '7 days; of a room’s latest tip, longer',
      },
      {
        what: 'Each purchase',
        more: 'The amount and the time, without the wallet. Still, times and amounts on both sides can be compared.',
        howLong: 'For good',
      },
    ],
  },
  {
    name: 'Your connection',
    things: [
      {
        what: 'The address that you come from',
        more: 'It decides whether a room may be shown where you are, and how many requests are too many. It is not written down.',
        howLong: 'In memory, while it is needed',
      },
    ],
  },
];
