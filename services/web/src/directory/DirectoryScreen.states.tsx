import { Head } from '../components/Page.tsx';
import type { State } from '../dev/state.ts';
import { DirectoryScreen } from './DirectoryScreen.tsx';
import type { DirectoryView } from './directory-model.ts';
import type { ShownRoom } from './room-list.ts';

const nowMs = Date.parse('2026-11-25T20:15:00Z');

/** A picture that was drawn for these states, so that a blurred still has something to blur. */
const STILL = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 36"><rect width="64" height="36" fill="#31405c"/><circle cx="40" cy="16" r="11" fill="#d9b48f"/><path d="M0 36V26l14-9 16 12 12-6 22 13z" fill="#1a2233"/></svg>',
)}`;

function room(n: number, title: string, facts: Partial<ShownRoom> = {}): ShownRoom {
  return {
    roomId: `room_${n}`,
    slug: `room-${n}k2m9x`,
    title,
    startedAt: new Date(nowMs - n * 17 * 60_000).toISOString(),
    picture: true,
    tags: [],
    ended: false,
    viewers: n * 7 + 2,
    ...facts,
  };
}

const rooms: readonly ShownRoom[] = [
  room(0, 'Slow evening, with the window open', { tags: ['calm', 'talk'], still: STILL }),
  room(1, 'First time here, be kind', { tags: ['new'], viewers: 1 }),
  room(
    2,
    'Saturday requests: you choose, I play until the strings give up or you do, whichever comes first',
    {
      tags: ['music', 'requests', 'talk'],
      still: STILL,
      viewers: 1_204,
    },
  ),
  room(3, 'Two of us', { tags: ['couple', 'talk'] }),
  room(4, 'Late shift', { tags: ['calm'], picture: false }),
  room(9, 'Reading aloud', { tags: ['calm', 'reading'], still: STILL }),
];

const shown: DirectoryView = {
  phase: 'shown',
  rooms,
  waiting: 0,
  more: 'there',
  tags: ['calm', 'talk', 'couple', 'music', 'new', 'reading', 'requests'],
  atMs: nowMs,
};

function state(name: string, change: Partial<DirectoryView>, blur = true): State {
  const nothing = () => {};
  return {
    name,
    screen: true,
    element: (
      <>
        <Head at="directory" />
        <main>
          <DirectoryScreen
            view={{ ...shown, ...change }}
            blur={blur}
            onChoose={nothing}
            onMore={nothing}
            onRetry={nothing}
            onSettle={nothing}
          />
        </main>
      </>
    ),
  };
}

export const directoryStates: readonly State[] = [
  state('loading', { phase: 'loading', rooms: [], tags: [], more: 'none' }),
  state('live', {}),
  state('stills shown', {}, false),
  state('one room', { rooms: rooms.slice(0, 1), more: 'none', tags: ['calm', 'talk'] }),
  state('two rooms', { rooms: rooms.slice(0, 2), more: 'none', tags: ['calm', 'new', 'talk'] }),
  state('more went live, some ended', {
    waiting: 2,
    rooms: rooms.map((one, i) => (i === 1 || i === 2 ? { ...one, ended: true } : one)),
  }),
  state('one tag', { tag: 'calm', more: 'none' }),
  state('nobody with this tag', { tag: 'gone', tags: [...shown.tags, 'gone'], more: 'none' }),
  state('nobody', { rooms: [], tags: [], more: 'none' }),
  state('offline, with what was known', {
    problem: { title: 'The server cannot be reached. Check the connection or the address.', offline: true },
  }),
  state('offline', {
    phase: 'failed',
    rooms: [],
    tags: [],
    more: 'none',
    problem: { title: 'The server cannot be reached. Check the connection or the address.', offline: true },
  }),
  state('error', {
    phase: 'failed',
    rooms: [],
    tags: [],
    more: 'none',
    problem: { title: 'The service is not available at the moment. Try again shortly.', offline: false },
  }),
  state('more rooms did not come', { more: 'failed' }),
];
