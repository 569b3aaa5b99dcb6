/**
 * What becomes of a moving device when something ends or breaks, for its card. Facts of this bridge and of Intiface's
 * engine 5.0.5, measured at the device's end (`docs/explanation/bridge.md`) or read in its source; what nobody measured
 * is said to be unknown.
 */

import { ENGINE_PING_MS_ADVISED } from './machine/limits.ts';

/** What may happen: from the network outwards to the device. */
export type Event = 'network' | 'page_ends' | 'page_hangs' | 'engine_ends' | 'out_of_reach';

/** `stop_sent`: we send one. `by_itself`: something nearer to the device does. `runs_on`: nobody does. */
export type Ending = 'stop_sent' | 'by_itself' | 'runs_on' | 'unknown';

export interface StopFact {
  readonly event: Event;
  readonly ending: Ending;
  /** The longest until the stop, in ms, where there is a bound. */
  readonly withinMs?: number;
  /** A sentence for people. */
  readonly words: string;
}

export type DriverName = 'simulated' | 'intiface' | 'bluetooth';

export interface StopQuestion {
  readonly driver: DriverName;
  /** As the device's link names it; more than one are separated by commas. */
  readonly deviceName?: string;
}

const NETWORK: StopFact = {
  event: 'network',
  ending: 'stop_sent',
  withinMs: 1_000,
  words: 'If your internet breaks, a stop is sent within a second.',
};

const FACTS: Readonly<Record<DriverName, readonly StopFact[]>> = {
  simulated: [
    NETWORK,
    {
      event: 'page_ends',
      ending: 'by_itself',
      withinMs: 0,
      words: 'It is a drawing: it ends with this page.',
    },
    {
      event: 'page_hangs',
      ending: 'by_itself',
      withinMs: 0,
      words: 'If this page hangs, so does the drawing.',
    },
  ],
  intiface: [
    NETWORK,
    {
      event: 'page_ends',
      ending: 'by_itself',
      withinMs: 250,
      words: 'If you close or reload this page, or it crashes, the device engine stops it at once.',
    },
    {
      event: 'page_hangs',
      ending: 'by_itself',
      withinMs: 1_000,
      words: `If this page stops running, the device engine stops it by itself: within a second at a max ping time of ${ENGINE_PING_MS_ADVISED} ms. If only its buttons hang, the bridge stops it within three.`,
    },
    {
      event: 'engine_ends',
      ending: 'runs_on',
      words:
        'If Intiface itself ends or crashes while the device moves, nobody can send a stop: switch it off at the device.',
    },
    {
      event: 'out_of_reach',
      ending: 'unknown',
      words:
        'If the device loses its radio link, no stop reaches it. Some rest by themselves and some run on: try it with yours.',
    },
  ],
  bluetooth: [
    NETWORK,
    {
      event: 'page_ends',
      ending: 'stop_sent',
      withinMs: 250,
      words: 'If you close or reload this page, it sends a stop on its way out.',
    },
    {
      event: 'page_hangs',
      ending: 'unknown',
      words:
        'If this page hangs or crashes, no stop is sent. Some devices rest when the link goes and some run on: try it with yours.',
    },
    {
      event: 'out_of_reach',
      ending: 'unknown',
      words:
        'If the device loses its radio link, no stop reaches it. Some rest by themselves and some run on: try it with yours.',
    },
  ],
};

/**
 * Devices whose last packet the engine repeats on a timer of its own, by how their names begin: the protocols with
 * RepeatLastPacketStrategyWithTiming in buttplug_server 12.0.2.
 */
const REPEATED = [
  'Satisfyer',
  'MysteryVibe',
  'Mysteryvibe',
  'Kiiroo Keon',
  'Kiiroo Onyx',
  'Kiiroo V2.1',
  'Leten',
  'Mizz Zee',
  'Sexverse',
  'Umove',
];

/** What becomes of a device, in the order in which a person should read it. */
export function stopsWhen({ driver, deviceName = '' }: StopQuestion): readonly StopFact[] {
  const facts = FACTS[driver];
  const repeated =
    driver === 'intiface' &&
    deviceName.split(', ').some((name) => REPEATED.some((prefix) => name.startsWith(prefix)));
  return repeated ? [...facts, RUNS_ON] : facts;
}

const RUNS_ON: StopFact = {
  event: 'out_of_reach',
  ending: 'runs_on',
  words:
    'The device engine repeats its last command to this one on a timer of its own. A stop that it lost is not noticed: keep the device within reach.',
};
