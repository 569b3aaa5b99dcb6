import { keyDatabase } from '@nightjar/client/browser/key-database';
import { readKeyCode } from '@nightjar/client/key-code';
import { useEffect, useState } from 'react';
import { prefer, preferences } from '../lib/preferences.ts';
import { useStore } from '../lib/use-store.ts';
import { actingPerson, hasActed } from '../room/person.ts';
import { BackupModel } from './backup-model.ts';
import { Disappear } from './disappear-model.ts';
import { disappearSteps } from './disappear-steps.ts';
import { MeScreen } from './MeScreen.tsx';
import { forgetRooms, roomsKnown } from './rooms-known.ts';

export function MePage() {
  const [backup] = useState(() => new BackupModel(keyDatabase(), readKeyCode));
  const [disappear] = useState(() => new Disappear(disappearSteps));
  const restoring = useStore(backup.restoring);
  const publicKey = usePublicKey();
  useEffect(() => void backup.open(), [backup]);
  useEffect(goToHash, []);
  useEffect(() => {
    // Whoever holds the keys from before would go on with them.
    if (restoring.is !== 'restored') return;
    actingPerson();
    location.assign('/me?back');
  }, [restoring]);
  return (
    <MeScreen
      names={{ rooms: useStore(roomsKnown), nowMs: Date.now(), onForget: forgetRooms }}
      backup={{
        backup: useStore(backup.backup),
        restoring: cameBack() ? { is: 'restored' } : restoring,
        onShow: () => void backup.show(),
        onHide: () => backup.hide(),
        onHave: (lastGroup) => void backup.have(lastGroup),
        onPrint: () => print(),
        onRestore: (code) => void backup.restore(code),
        onSure: () => void backup.sure(),
        onReady: () => backup.ready(),
      }}
      preferences={{ preferences: useStore(preferences), onPrefer: prefer }}
      publicKey={publicKey}
      disappear={{
        view: useStore(disappear.view),
        onAsk: () => disappear.ask(),
        onKeep: () => disappear.keep(),
        onGo: () => void disappear.go(),
      }}
    />
  );
}

function cameBack(): boolean {
  return new URLSearchParams(location.search).has('back');
}

/** Of the account that this browser has; looking makes none. */
function usePublicKey(): string | undefined {
  const [publicKey, setPublicKey] = useState<string>();
  useEffect(() => {
    if (!hasActed()) return;
    actingPerson()
      .identity.publicKey()
      .then(setPublicKey, () => {});
  }, []);
  return publicKey;
}

/** The page is drawn by a script, so the browser found nothing to go to. */
function goToHash(): void {
  const section = location.hash === '' ? null : document.getElementById(location.hash.slice(1));
  section?.scrollIntoView();
}
