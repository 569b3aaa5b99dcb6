import type { MenuItem } from '@nightjar/contracts/ws-protocol';
import { type ReactNode, useEffect, useState } from 'react';
import { LevelTrace } from '../components/level-trace.ts';
import type { State } from '../dev/state.ts';
import type { Picture } from '../media/watch.ts';
import { RoomPage, type RoomPageProps } from './RoomPage.tsx';
import type { RoomHands } from './room-hands.ts';
import type { Line, TipLine } from './room-log.ts';
import './room-page.css';
import { FIRST_SCREEN, type RoomScreen } from './room-screen.ts';

const buzz = { output: 'vibrate', durationMs: 2_000, points: [{ atMs: 0, level: 600 }] } as const;
const wave = {
  output: 'vibrate',
  durationMs: 8_000,
  points: [
    { atMs: 0, level: 100 },
    { atMs: 1_000, level: 900 },
    { atMs: 2_000, level: 100 },
  ],
  repeatMs: 2_000,
} as const;
const climb = {
  output: 'vibrate',
  durationMs: 15_000,
  points: [
    { atMs: 0, level: 50 },
    { atMs: 15_000, level: 1_000 },
  ],
} as const;

const menu: MenuItem[] = [
  { itemId: 'buzz', name: 'Short buzz', price: '25', effect: buzz },
  { itemId: 'wave', name: 'Slow wave', price: '60', effect: wave },
  { itemId: 'climb', name: 'Long climb', price: '120', effect: climb },
  { itemId: 'cheers', name: 'A round of applause', price: '10' },
];

/** The room's time in these pictures: always the same, so that two of them can be compared. */
const T0 = Date.UTC(2026, 10, 25, 20, 0, 0);
const chat = (n: number, from: string, text: string, more: object = {}): Line => ({
  is: 'chat',
  id: `msg_${n}`,
  from: `pn_${from}`,
  text,
  atMs: T0 + n * 1_000,
  mine: false,
  ...more,
});
const tip = (n: number, stage: TipLine['stage'], more: Partial<TipLine> = {}): TipLine => ({
  is: 'tip',
  id: `tip_${n}`,
  from: 'pn_7f21',
  amount: 60n,
  item: { name: 'Slow wave', effect: wave },
  atMs: T0 + n * 1_000,
  mine: false,
  stage,
  ranMs: 0,
  ranAtMono: 0,
  settled: 0n,
  returned: 0n,
  ...more,
});

const lively: Line[] = [
  { is: 'event', id: 'show', atMs: T0, what: { kind: 'show', state: 'started' } },
  chat(1, 'a', 'good evening from the balcony'),
  chat(2, 'b', 'the light is lovely tonight'),
  tip(3, 'ran', { settled: 60n, ranMs: 8_000 }),
  chat(4, 'me', 'that was quick', { mine: true }),
  tip(5, 'partly', {
    amount: 120n,
    item: { name: 'Long climb', effect: climb },
    settled: 72n,
    returned: 48n,
  }),
  tip(6, 'paid', {
    amount: 10n,
    item: { name: 'A round of applause' },
    settled: 10n,
    note: 'for the song before',
  }),
  tip(7, 'paused', { ranMs: 3_000, mine: true }),
  tip(8, 'queued', { amount: 25n, item: { name: 'Short buzz', effect: buzz } }),
  chat(9, 'c', 'here we go'),
];

const room: RoomScreen = {
  ...FIRST_SCREEN,
  is: 'room',
  title: 'Late rehearsal',
  tags: ['music', 'slow evening'],
  menu,
  goal: { goalId: 'goal_1', title: 'A new bow', amount: 1_000n, reached: 420n },
  show: 'on',
  link: 'live',
  viewers: 34,
  log: { lines: lively },
  pseudonym: 'pn_me',
  balance: 315n,
  chat: { is: 'ready' },
};

const live: Picture = { phase: 'live', sound: true, muted: true, width: 1280, height: 720 };
const trace = new LevelTrace();
for (let i = 0; i < 160; i++)
  trace.add(Math.max(0, Math.sin(i / 9)) * 0.9, performance.now() - 20_000 + i * 120);

const hands: RoomHands = {
  roomId: 'room_states',
  say: () => {},
  tip: async ({ amount }) => (amount > 315n ? { is: 'short', balance: 315n } : { is: 'sent' }),
  buy: async (amount) => 315n + amount,
  acceptKeeper: () => {},
  retry: () => {},
  confirmAge: () => {},
  mute: () => {},
  setVolume: () => {},
  setQuality: () => {},
};

/** Stands for a picture. */
const STILL = 'radial-gradient(circle at 62% 38%, #8d6a58, #4a3f55 45%, #171c2b 80%)';

/** The frame of room.html, which is there before any script; here it has to be made first. */
function Framed({ children }: { readonly children: ReactNode }) {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    document.body.classList.add('room-page');
    // The frame's parts stand in the body itself, as in room.html.
    setReady(true);
    return () => document.body.classList.remove('room-page');
  }, []);
  return (
    <div className="room-frame">
      <div id="head" />
      <main className="room">
        <section className="stage" aria-label="Picture">
          <div style={{ height: '100%', background: STILL }} />
          <div id="stage" />
        </section>
        <section id="under" className="under" aria-label="The room" />
        <aside id="rail" className="rail" aria-label="The room’s log and tips" tabIndex={-1} />
      </main>
      {ready ? children : null}
    </div>
  );
}

function state(name: string, change: Partial<RoomPageProps>, screen: Partial<RoomScreen> = {}): State {
  return stateOf(name, { screen: { ...room, ...screen }, ...change });
}

function stateOf(name: string, change: Partial<RoomPageProps>): State {
  return {
    name,
    screen: true,
    element: (
      <Framed>
        <RoomPage
          screen={room}
          picture={live}
          trace={trace}
          preferences={{
            theme: 'system',
            confirmAbove: 100,
            blurStills: true,
            volume: 0.8,
            quality: 'auto',
            confirmedAge: 0,
          }}
          hands={hands}
          {...change}
        />
      </Framed>
    ),
  };
}

const off: Picture = { phase: 'off', sound: false, muted: true, width: 0, height: 0 };
const bare = { log: { lines: [] }, goal: undefined, tags: [] };

export const states: State[] = [
  state('Live', {}),
  state('Live with sound', { picture: { ...live, muted: false } }),
  firstVisit(),
  state('Looking', { picture: off }, { ...FIRST_SCREEN }),
  state('Starting', { picture: { ...off, phase: 'waiting' } }, bare),
  state('Offline', { picture: off }, { ...bare, show: 'none' }),
  state('Ended', { picture: off }, { show: 'ended' }),
  state('Reconnecting', { picture: { ...live, phase: 'lost' } }, { link: 'lost' }),
  state('Not found', { picture: off }, { ...FIRST_SCREEN, is: 'unknown' }),
  state(
    'Failed',
    { picture: off },
    {
      ...FIRST_SCREEN,
      is: 'failed',
      problem: { title: 'The server cannot be reached. Check the connection or the address.' },
    },
  ),
  state('Removed', { picture: { ...off, phase: 'removed' } }, { ...FIRST_SCREEN, is: 'removed' }),
  state('Silenced', {}, { chat: { is: 'silenced', untilMs: T0 } }),
  state('Keeper changed', {}, { chat: { is: 'keeper-changed', publicKey: new Uint8Array(32) } }),
  state('Age', { picture: off, age: 18 }, bare),
];

function firstVisit(): State {
  const { pseudonym: _pseudonym, balance: _balance, ...guest } = room;
  const screen: RoomScreen = { ...guest, log: { lines: [] }, chat: { is: 'waiting' }, viewers: 1 };
  return stateOf('First visit', { screen });
}
