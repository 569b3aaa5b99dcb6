import { LevelTrace } from '../../components/level-trace.ts';
import type { State } from '../../dev/state.ts';
import type { Line, TipLine } from '../../room/room-log.ts';
import { NO_CAPTURE } from '../setup/capture.ts';
import { BRIDGES, dusk, livelyTrace } from '../states-device.ts';
import { NOW, StudioFrame } from '../states-frame.tsx';
import type { EditorHands } from './editor-hands.ts';
import { effectOf } from './effect-presets.ts';
import { LivePage, type LivePageProps } from './LivePage.tsx';
import type { LiveHands } from './live-hands.ts';
import { NOT_LIVE } from './live-model.ts';
import { STARTER } from './menu-draft.ts';
import { PreviewPage, type PreviewPageProps } from './PreviewPage.tsx';
import type { EditorState } from './room-editor.ts';
import { SummaryPage } from './SummaryPage.tsx';
import { EMPTY_TALLY } from './summary.ts';

const nothing = (): void => {};
const picture = dusk();
const done = (): Promise<boolean> => Promise.resolve(true);

const editorHands: EditorHands = {
  setFace: nothing,
  saveFace: done,
  setItems: nothing,
  changeItem: nothing,
  saveMenu: done,
  setGoal: nothing,
  saveGoal: done,
  clearGoal: () => Promise.resolve(),
};
const editor: EditorState = {
  title: 'Late rehearsal',
  tags: ['music', 'slow-evening'],
  face: 'saved',
  items: STARTER,
  menu: 'saved',
  menuTried: false,
  goal: { goalId: 'goal_1', title: 'A new bow', amount: 1_000n },
  goalSaving: false,
  goalTried: false,
};
const capture = {
  ...NO_CAPTURE,
  phase: 'on',
  cameras: [{ id: 'c', label: 'Desk camera' }],
  microphones: [{ id: 'm', label: 'Desk microphone' }],
  cameraId: 'c',
  microphoneId: 'm',
} as const;

function preview(name: string, change: Partial<PreviewPageProps> = {}): State {
  return {
    name,
    screen: true,
    element: (
      <StudioFrame bridge={change.bridge ?? BRIDGES.found}>
        <PreviewPage
          slug="late-rehearsal-k3x9qd"
          capture={capture}
          video={picture}
          level={() => 0.4}
          muted={false}
          bridge={BRIDGES.found}
          editor={editor}
          fence="Only Germany, Austria and Switzerland"
          stills
          busy={false}
          hands={{ setUp: nothing, startCamera: nothing, mute: nothing, stills: nothing, goLive: nothing }}
          room={editorHands}
          {...change}
        />
      </StudioFrame>
    ),
  };
}

const chat = (n: number, from: string, text: string, more: object = {}): Line => ({
  is: 'chat',
  id: `msg_${n}`,
  from: `pn_${from}`,
  text,
  atMs: NOW - 60_000 + n * 1_000,
  mine: false,
  ...more,
});
const tip = (n: number, stage: TipLine['stage'], more: Partial<TipLine> = {}): TipLine => ({
  is: 'tip',
  id: `tip_${n}`,
  from: 'pn_7f21',
  amount: 60n,
  item: { name: 'Slow wave', effect: effectOf({ preset: 'wave', seconds: 8, level: 0.8 }) },
  atMs: NOW - 60_000 + n * 1_000,
  mine: false,
  stage,
  ranMs: 3_000,
  ranAtMono: 0,
  settled: 0n,
  returned: 0n,
  ...more,
});
const lively: Line[] = [
  { is: 'event', id: 'show', atMs: NOW - 61_000, what: { kind: 'show', state: 'started' } },
  chat(1, 'a', 'good evening from the balcony'),
  chat(2, 'b', 'the light is lovely tonight'),
  tip(3, 'ran', { settled: 60n }),
  chat(4, 'me', 'thank you, that was quick', { mine: true }),
  tip(5, 'partly', { settled: 36n, returned: 24n, from: 'pn_b' }),
  {
    is: 'event',
    id: 'silence',
    atMs: NOW - 54_000,
    what: { kind: 'sanction', who: 'pn_c', what: 'silenced' },
  },
  tip(7, 'paused', { note: 'for the song before' }),
  tip(8, 'queued', {
    amount: 25n,
    from: 'pn_b',
    item: { name: 'A little buzz', effect: effectOf({ preset: 'steady', seconds: 3, level: 0.5 }) },
  }),
  tip(9, 'queued', {
    amount: 120n,
    from: 'pn_a',
    item: { name: 'Long climb', effect: effectOf({ preset: 'climb', seconds: 15, level: 1 }) },
  }),
  chat(10, 'a', 'here we go'),
];

const hands: LiveHands = {
  mute: nothing,
  cameraOff: nothing,
  startCapture: nothing,
  choose: nothing,
  takeUp: nothing,
  arm: nothing,
  disarm: nothing,
  tryIt: nothing,
  restart: nothing,
  say: nothing,
  strike: nothing,
  sanction: nothing,
  lift: nothing,
  takeKeysBack: nothing,
  end: () => Promise.resolve(),
};
const busy = {
  ...NOT_LIVE,
  link: 'live',
  showOn: true,
  log: { lines: lively },
  chat: { is: 'ready' },
  goal: { goalId: 'goal_1', title: 'A new bow', amount: 1_000n, reached: 420n },
  tally: {
    ...EMPTY_TALLY,
    startedWall: NOW,
    viewers: 34,
    viewersMost: 41,
    joins: 58,
    tips: 9,
    earned: 420n,
    lines: 27,
  },
  sanctions: [
    { pseudonym: 'pn_c', what: 'silenced', until: '2999-01-01T20:13:00Z', decidedAt: '2026-11-25T20:03:00Z' },
    { pseudonym: 'pn_d', what: 'banned', decidedAt: '2026-11-25T20:01:00Z' },
  ],
} as const;

function live(name: string, change: Partial<LivePageProps> = {}): State {
  const bridge = change.bridge ?? BRIDGES.moving;
  return {
    name,
    screen: true,
    element: (
      <StudioFrame bridge={bridge} live>
        <LivePage
          roomId="room_1"
          live={busy}
          video={picture}
          capture={capture}
          publish={{ phase: 'live', cameraOff: false, muted: false }}
          health={[
            {
              level: 'good',
              text: 'Your picture is well: 2.4 Mbit/s, 30 pictures a second, 24 ms to the server.',
            },
          ]}
          awake="on"
          bridge={bridge}
          trace={bridge === BRIDGES.moving ? livelyTrace() : new LevelTrace()}
          level={() => 0.5}
          editor={editor}
          room={editorHands}
          hands={hands}
          {...change}
        />
      </StudioFrame>
    ),
  };
}

const summary = {
  startedWall: NOW - 4_380_000,
  endedWall: NOW,
  viewersMost: 41,
  joins: 158,
  tips: 23,
  earned: 1_240n,
  ran: 17,
  partly: 2,
  returned: 1,
  lines: 212,
};

export const showStates: readonly State[] = [
  preview('preview'),
  preview('preview first visit', {
    bridge: BRIDGES.off,
    fence: 'Everybody',
    editor: { ...editor, goal: undefined as never, tags: [], menu: 'changed' },
  }),
  preview('preview without a camera', {
    video: undefined,

    capture: { ...NO_CAPTURE, camera: { kind: 'camera', fault: 'in_use' } },
  }),
  preview('preview with faults', {
    problem: 'Something in title, menu or goal needs a look first.',
    editor: {
      ...editor,
      title: '',
      face: 'changed',
      menu: 'changed',
      menuTried: true,
      items: STARTER.map((item, i) => (i === 0 ? { ...item, name: '', price: '0' } : item)),
      goalDraft: { title: '', amount: 'much' },
      goalTried: true,
    },
  }),
  live('live'),
  live('live and quiet', {
    live: {
      ...NOT_LIVE,
      link: 'live',
      showOn: true,
      chat: { is: 'ready' },
      tally: { ...EMPTY_TALLY, startedWall: NOW },
    },
    bridge: BRIDGES.latched,
  }),
  live('live after a stop', { bridge: BRIDGES.stopped }),
  live('live with a lost device', { bridge: BRIDGES.lost }),
  live('live with a dead bridge', { bridge: BRIDGES.dead }),
  live('live without a device', { bridge: BRIDGES.off }),
  live('live with a thin upload', {
    health: [
      {
        level: 'bad',
        text: 'Your upload is thin: 1.1 of 2.5 Mbit/s. Viewers see a softer picture.',
        wayOut: 'A cable instead of Wi-Fi helps most; so does closing what else uploads.',
      },
      {
        level: 'note',
        text: 'Nothing is heard from your microphone.',
        wayOut: 'Look whether it has a switch of its own.',
      },
    ],
    awake: 'refused',
  }),
  live('live without a camera', {
    video: undefined,
    capture: { ...capture, lost: 'camera' },
    health: [
      { level: 'bad', text: 'Your camera went away.', wayOut: 'Plug it in again, or choose another one.' },
    ],
  }),
  live('live muted and dark', { publish: { phase: 'live', cameraOff: true, muted: true } }),
  live('live and reconnecting', {
    live: { ...busy, link: 'lost' },
    publish: { phase: 'lost', cameraOff: false, muted: false },
    health: [
      {
        level: 'bad',
        text: 'The connection broke. Viewers see your last picture; it comes back by itself.',
        wayOut: 'If it does not within a minute, look at your network.',
      },
    ],
  }),
  live('live elsewhere', {
    live: {
      ...busy,
      keeperElsewhere: true,
      refused: 'This room has as many sanctions as it may have. Lift one that is needed no more.',
    },
    publish: { phase: 'removed', cameraOff: false, muted: false },
    health: [
      {
        level: 'bad',
        text: 'Your picture was taken over in another tab or window.',
        wayOut: 'Go on there, or take it up here again.',
      },
    ],
  }),
  {
    name: 'summary',
    screen: true,
    element: (
      <StudioFrame bridge={BRIDGES.stopped}>
        <SummaryPage summary={summary} onAgain={nothing} />
      </StudioFrame>
    ),
  },
];
