import { useState } from 'react';
import type { BridgeState } from '../../bridge/bridge-state.ts';
import type { LevelTrace } from '../../components/level-trace.ts';
import { queueOf } from '../../room/room-log.ts';
import { DeviceColumn } from '../device/DeviceColumn.tsx';
import type { CaptureState } from '../setup/capture.ts';
import type { Awake } from './awake.ts';
import type { EditorHands } from './editor-hands.ts';
import type { Health } from './health.ts';
import { LiveHead } from './LiveHead.tsx';
import styles from './LivePage.module.css';
import { LogColumn } from './LogColumn.tsx';
import type { LiveHands } from './live-hands.ts';
import type { LiveState } from './live-model.ts';
import { PictureColumn } from './PictureColumn.tsx';
import type { PublishState } from './publisher.ts';
import type { EditorState } from './room-editor.ts';

export interface LivePageProps {
  readonly roomId: string;
  readonly live: LiveState;
  readonly video: MediaStreamTrack | undefined;
  readonly capture: CaptureState;
  readonly publish: PublishState;
  readonly health: readonly Health[];
  readonly awake: Awake['state']['current'];
  readonly bridge: BridgeState;
  readonly trace: LevelTrace;
  level(): number;
  readonly editor: EditorState;
  readonly room: EditorHands;
  readonly hands: LiveHands;
}

const TABS = ['Picture', 'Device', 'Log'] as const;

/** Three columns that run with one hand and half an eye; on a phone one of them at a time. */
export function LivePage(props: LivePageProps) {
  const [tab, setTab] = useState<(typeof TABS)[number]>('Picture');
  const { live, bridge, trace, hands } = props;
  const { running, waiting } = queueOf(live.log);
  return (
    <div className={styles.page}>
      <LiveHead
        tally={live.tally}
        link={live.link}
        sending={props.publish.phase === 'live'}
        onEnd={hands.end}
      />
      <nav className={styles.tabs} aria-label="Columns">
        {TABS.map((name) => (
          <button key={name} type="button" aria-pressed={tab === name} onClick={() => setTab(name)}>
            {name}
            {name === 'Device' && running ? <span className={styles.moving} title="A tip runs" /> : null}
          </button>
        ))}
      </nav>
      <div className={styles.columns}>
        <div className={styles.column} data-shown={tab === 'Picture' || undefined}>
          <PictureColumn {...props} />
        </div>
        <div className={styles.column} data-shown={tab === 'Device' || undefined}>
          <DeviceColumn state={bridge} trace={trace} running={running} waiting={waiting} hands={hands} />
        </div>
        <div className={styles.column} data-shown={tab === 'Log' || undefined} data-log="">
          <LogColumn live={live} roomId={props.roomId} hands={hands} />
        </div>
      </div>
    </div>
  );
}
