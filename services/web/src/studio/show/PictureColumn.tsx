import { Camera, CameraOff, CircleAlert, CircleCheck, Info, Mic, MicOff, MoonStar } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { Picker } from '../setup/CameraStep.tsx';
import { LevelMeter } from '../setup/LevelMeter.tsx';
import { OwnPicture } from '../setup/OwnPicture.tsx';
import { FaceEditor } from './FaceEditor.tsx';
import { GoalEditor } from './GoalEditor.tsx';
import { GoalProgress } from './GoalProgress.tsx';
import type { Health } from './health.ts';
import type { LivePageProps } from './LivePage.tsx';
import { MenuEditor } from './MenuEditor.tsx';
import styles from './PictureColumn.module.css';

/** One's own picture with its health in sentences, and what viewers see beside it. */
export function PictureColumn(props: LivePageProps) {
  const { video, capture, publish, health, awake, level, live, editor, room, hands } = props;
  const { muted, cameraOff, phase } = publish;
  return (
    <>
      <OwnPicture track={video} dark={cameraOff}>
        {cameraOff ? <p className={styles.covered}>Viewers see nothing</p> : null}
      </OwnPicture>
      <div className={styles.controls}>
        <Button
          aria-pressed={muted}
          disabled={capture.withoutSound}
          look={muted ? 'solid' : 'quiet'}
          icon={muted ? <MicOff aria-hidden="true" /> : <Mic aria-hidden="true" />}
          onClick={() => hands.mute(!muted)}
        >
          {muted ? 'Muted' : 'Mute'}
        </Button>
        <Button
          aria-pressed={cameraOff}
          look={cameraOff ? 'solid' : 'quiet'}
          icon={cameraOff ? <CameraOff aria-hidden="true" /> : <Camera aria-hidden="true" />}
          onClick={() => hands.cameraOff(!cameraOff)}
        >
          {cameraOff ? 'Picture is off' : 'Picture off'}
        </Button>
        {capture.lost === undefined ? null : (
          <Button look="solid" onClick={hands.startCapture}>
            Switch it on again
          </Button>
        )}
        {phase === 'removed' ? (
          <Button look="solid" onClick={hands.takeUp}>
            Send it from here
          </Button>
        ) : null}
        <div className={styles.meter}>
          {capture.withoutSound ? 'Without sound' : <LevelMeter level={muted ? () => 0 : level} />}
        </div>
      </div>
      <HealthList health={health} awake={awake} />
      {live.goal ? <GoalProgress goal={live.goal} /> : null}
      <details className={styles.more}>
        <summary>Camera and microphone</summary>
        <div className={styles.pickers}>
          <Picker
            label="Camera"
            devices={capture.cameras}
            value={capture.cameraId}
            onChange={(id) => hands.choose('camera', id)}
          />
          <Picker
            label="Microphone"
            devices={capture.microphones}
            value={capture.microphoneId}
            onChange={(id) => hands.choose('microphone', id)}
          />
        </div>
      </details>
      <details className={styles.more}>
        <summary>Title, tip menu and goal</summary>
        <div className={styles.editors}>
          <FaceEditor state={editor} hands={room} />
          <MenuEditor state={editor} hands={room} />
          <GoalEditor state={editor} hands={room} />
        </div>
      </details>
    </>
  );
}

const ICONS = { good: CircleCheck, note: Info, bad: CircleAlert } as const;

interface HealthListProps {
  readonly health: readonly Health[];
  readonly awake: LivePageProps['awake'];
}

function HealthList({ health, awake }: HealthListProps) {
  return (
    <>
      {/* What is well has figures that change all the time, and is told to nobody. */}
      <ul className={styles.health} aria-live="polite" aria-label="What needs a look">
        {health
          .filter(({ level }) => level !== 'good')
          .map((item) => (
            <HealthItem key={item.text.replaceAll(/\d+/g, '')} {...item} />
          ))}
        {awake === 'refused' ? (
          <li data-level="note">
            <MoonStar aria-hidden="true" />
            <div>
              <p>Your screen may go dark during the show: this browser does not keep it on.</p>
              <p className={styles.wayOut}>Plug the power in, or change your system’s settings.</p>
            </div>
          </li>
        ) : null}
      </ul>
      <ul className={styles.health} aria-label="How your picture is">
        {health
          .filter(({ level }) => level === 'good')
          .map((item) => (
            <HealthItem key="good" {...item} />
          ))}
      </ul>
    </>
  );
}

function HealthItem({ level, text, wayOut }: Health) {
  const Icon = ICONS[level];
  return (
    <li data-level={level}>
      <Icon aria-hidden="true" />
      <div>
        <p>{text}</p>
        {wayOut ? <p className={styles.wayOut}>{wayOut}</p> : null}
      </div>
    </li>
  );
}
