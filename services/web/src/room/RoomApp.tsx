import { type ReactNode, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { Head } from '../components/Page.tsx';
import { prefer, preferences } from '../lib/preferences.ts';
import { useStore } from '../lib/use-store.ts';
import { AboutRoom } from './AboutRoom.tsx';
import { AgeDialog } from './AgeDialog.tsx';
import type { Beginning } from './boot.ts';
import { DeviceStrip } from './DeviceStrip.tsx';
import { Rail } from './Rail.tsx';
import styles from './RoomApp.module.css';
import { queueOf } from './room-log.ts';
import type { RoomModel } from './room-model.ts';
import { StageOverlay } from './StageOverlay.tsx';
import { stageWordsFor } from './stage-states.tsx';

/** The room's page: each part goes to its place in the frame that stood there before. */
export function RoomApp({ beginning, model }: { readonly beginning: Beginning; readonly model: RoomModel }) {
  const screen = useStore(model.screen);
  const picture = useStore(beginning.watch.picture);
  const age = useStore(beginning.age);
  const { volume, quality } = useStore(preferences);
  const { running, waiting } = queueOf(screen.log);
  const here = screen.is === 'room';
  useEffect(() => {
    document.title = screen.title === '' ? 'Nightjar' : `${screen.title} · Nightjar`;
  }, [screen.title]);
  return (
    <>
      <At id="head">
        <Head at="room" />
      </At>
      <At id="stage">
        <StageOverlay
          picture={picture}
          live={here && screen.show === 'on' && picture.phase === 'live'}
          viewers={screen.viewers}
          words={age === undefined ? stageWordsFor(screen, picture, () => void model.retry()) : undefined}
          volume={volume}
          quality={quality}
          onMuted={(muted) => void beginning.watch.setMuted(muted)}
          onVolume={(next) => {
            prefer({ volume: next });
            beginning.watch.setVolume(next);
          }}
          onQuality={(next) => {
            prefer({ quality: next });
            beginning.watch.setQuality(next);
          }}
        />
      </At>
      <At id="under">
        <div className={styles.under}>
          {here ? (
            <>
              <DeviceStrip trace={model.device.trace} running={running} waiting={waiting} />
              <AboutRoom title={screen.title} tags={screen.tags} goal={screen.goal} />
            </>
          ) : (
            <h1 className="visually-hidden">A room</h1>
          )}
        </div>
      </At>
      <At id="rail">
        <Rail screen={screen} model={model} />
      </At>
      {age === undefined ? null : <AgeDialog age={age} onConfirm={() => beginning.confirmAge()} />}
    </>
  );
}

function At({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  const [place] = useState(() => document.getElementById(id));
  return place ? createPortal(children, place) : null;
}
