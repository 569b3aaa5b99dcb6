import { Head } from '../components/Page.tsx';
import type { State } from '../dev/state.ts';
import type { Preferences } from '../lib/preferences.ts';
import type { BackupView, RestoreView } from './backup-model.ts';
import type { DisappearView } from './disappear-model.ts';
import { MeScreen } from './MeScreen.tsx';
import type { KnownRoom } from './rooms-known.ts';

const nowMs = new Date(2026, 10, 25, 20, 15).getTime();
const hour = 3_600_000;
const nothing = () => {};

const rooms: readonly KnownRoom[] = [
  {
    roomId: 'room_a',
    slug: 'a',
    title: 'Slow evening, with the window open',
    pseudonym: 'pn_4c1d',
    at: nowMs - hour,
  },
  { roomId: 'room_b', slug: 'b', title: 'Two of us', pseudonym: 'pn_99e2', at: nowMs - 26 * hour },
];

const preferences: Preferences = {
  theme: 'system',
  confirmAbove: 100,
  blurStills: true,
  volume: 0.8,
  quality: 'auto',
  confirmedAge: 0,
};

/** No secret of anybody: it is drawn here only. */
const groups = '1ABC D3EF 9GHJ KMN4 PQRS TV7W XYZ0 1234 5678 9ABC DEFG HJKM NPQR STVW'.split(' ');

interface Change {
  readonly known?: readonly KnownRoom[];
  readonly backup?: BackupView;
  readonly restoring?: RestoreView;
  readonly disappear?: DisappearView;
  readonly publicKey?: string | undefined;
}

function state(name: string, change: Change = {}): State {
  const { known = rooms, backup = { is: 'possible' }, restoring = { is: 'ready' } } = change;
  return {
    name,
    screen: true,
    element: (
      <>
        <Head at="me" />
        <main>
          <MeScreen
            names={{ rooms: known, nowMs, onForget: nothing }}
            backup={{
              backup,
              restoring,
              onShow: nothing,
              onHide: nothing,
              onHave: nothing,
              onPrint: nothing,
              onRestore: nothing,
              onSure: nothing,
              onReady: nothing,
            }}
            preferences={{ preferences, onPrefer: nothing }}
            publicKey={
              'publicKey' in change ? change.publicKey : 'Jq0mJ8iW1mUuQXq3b0Vw2cXy7kQm5r4uZp9sT6eA1cE'
            }
            disappear={{
              view: change.disappear ?? { is: 'ready' },
              onAsk: nothing,
              onKeep: nothing,
              onGo: nothing,
            }}
          />
        </main>
      </>
    ),
  };
}

export const meStates: readonly State[] = [
  state('loading', { known: [], backup: { is: 'asking' }, publicKey: undefined }),
  state('first visit', { known: [], backup: { is: 'nothing' }, publicKey: undefined }),
  state('known'),
  state('code shown', { backup: { is: 'shown', groups, mistaken: false } }),
  state('code, wrong group', { backup: { is: 'shown', groups, mistaken: true } }),
  state('backed up', { backup: { is: 'done' } }),
  state('no backup possible', { backup: { is: 'impossible' } }),
  state('browser keeps nothing', { known: [], backup: { is: 'keeps-nothing' } }),
  state('code mistyped', {
    restoring: {
      is: 'ready',
      title: 'The code has a typing error. Compare it with your print, character by character.',
    },
  }),
  state('replace dialog', { restoring: { is: 'sure', code: '' } }),
  state('restored', { backup: { is: 'done' }, restoring: { is: 'restored' } }),
  state('disappear dialog', { disappear: { is: 'sure' } }),
  state('disappearing', { disappear: { is: 'going', done: ['account'] } }),
  state('disappearing failed', {
    disappear: {
      is: 'failed',
      title: 'The server cannot be reached. Check the connection or the address.',
      done: [],
    },
  }),
  state('gone', { disappear: { is: 'gone' } }),
];
