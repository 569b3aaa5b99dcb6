import { Rooms } from '@nightjar/client/rooms';
import { useEffect, useState } from 'react';
import { endpoints, http } from '../lib/backend.ts';
import { preferences } from '../lib/preferences.ts';
import { useStore } from '../lib/use-store.ts';
import { DirectoryScreen } from './DirectoryScreen.tsx';
import { Directory } from './directory-model.ts';
import { keepFresh } from './keep-fresh.ts';

export function DirectoryPage() {
  const [directory] = useState(() => {
    const rooms = new Rooms({ endpoints, http });
    return new Directory({ list: (page) => rooms.list(page), now: Date.now });
  });
  const view = useStore(directory.view);
  const { blurStills } = useStore(preferences);
  useEffect(() => keepFresh(directory), [directory]);
  return (
    <DirectoryScreen
      view={view}
      blur={blurStills}
      onChoose={(tag) => directory.choose(tag)}
      onMore={() => void directory.more()}
      onRetry={() => void directory.refresh({ settle: true })}
      onSettle={() => {
        directory.settle();
        scrollTo({ top: 0, behavior: 'smooth' });
      }}
    />
  );
}
