import { type ReactNode, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import type { LevelTrace } from '../components/level-trace.ts';
import { Head } from '../components/Page.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import type { Preferences } from '../lib/preferences.ts';
import type { Picture } from '../media/watch.ts';
import { AboutRoom } from './AboutRoom.tsx';
import { AgeDialog } from './AgeDialog.tsx';
import { DeviceStrip } from './DeviceStrip.tsx';
import { Rail } from './Rail.tsx';
import styles from './RoomPage.module.css';
import type { RoomHands } from './room-hands.ts';
import { queueOf } from './room-log.ts';
import type { RoomScreen } from './room-screen.ts';
import { StageOverlay } from './StageOverlay.tsx';
import { stageWordsFor } from './stage-states.tsx';

export interface RoomPageProps {
  readonly screen: RoomScreen;
  readonly picture: Picture;
  /** An age that has to be confirmed first. */
  readonly age?: number | undefined;
  readonly trace: LevelTrace;
  readonly preferences: Preferences;
  readonly hands: RoomHands;
}

/** The room's page: each part goes to its place in the frame that stood there before any script ran. */
export function RoomPage({ screen, picture, age, trace, preferences, hands }: RoomPageProps) {
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
          words={age === undefined ? stageWordsFor(screen, picture, hands.retry) : undefined}
          volume={preferences.volume}
          quality={preferences.quality}
          onMuted={hands.mute}
          onVolume={hands.setVolume}
          onQuality={hands.setQuality}
        />
      </At>
      <At id="under">
        <div className={styles.under}>
          {here ? (
            <>
              <DeviceStrip trace={trace} running={running} waiting={waiting} />
              <AboutRoom title={screen.title} tags={screen.tags} goal={screen.goal} />
            </>
          ) : (
            <>
              <h1 className="visually-hidden">A room</h1>
              {screen.is === 'looking' ? <Skeleton height={64} /> : null}
            </>
          )}
        </div>
      </At>
      <At id="rail">
        <Rail screen={screen} confirmAbove={preferences.confirmAbove} hands={hands} />
      </At>
      {age === undefined ? null : <AgeDialog age={age} onConfirm={hands.confirmAge} />}
    </>
  );
}

function At({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  const [place] = useState(() => document.getElementById(id));
  return place ? createPortal(children, place) : null;
}
