import { Camera, Mic, MicOff, Radio } from 'lucide-react';
import type { BridgeState } from '../../bridge/bridge-state.ts';
import { Button } from '../../components/Button.tsx';
import { Notice } from '../../components/Notice.tsx';
import { Switch } from '../../components/Switch.tsx';
import { deviceWords } from '../device/device-words.ts';
import type { Step } from '../kept.ts';
import type { CaptureState } from '../setup/capture.ts';
import { captureWords } from '../setup/capture-trouble.ts';
import { LevelMeter } from '../setup/LevelMeter.tsx';
import { OwnPicture } from '../setup/OwnPicture.tsx';
import type { EditorHands } from './editor-hands.ts';
import { FaceEditor } from './FaceEditor.tsx';
import { GoalEditor } from './GoalEditor.tsx';
import { MenuEditor } from './MenuEditor.tsx';
import styles from './PreviewPage.module.css';
import type { EditorState } from './room-editor.ts';

export interface PreviewHands {
  setUp(step: Step): void;
  startCamera(): void;
  mute(muted: boolean): void;
  stills(on: boolean): void;
  goLive(): void;
}

export interface PreviewPageProps {
  readonly slug: string;
  readonly capture: CaptureState;
  readonly video: MediaStreamTrack | undefined;
  level(): number;
  readonly muted: boolean;
  readonly bridge: BridgeState;
  readonly editor: EditorState;
  /** Who may see the room, in a few words. */
  readonly fence: string;
  readonly stills: boolean;
  readonly busy: boolean;
  readonly problem?: string | undefined;
  readonly hands: PreviewHands;
  readonly room: EditorHands;
}

/** The first of two acts: everything as it will be, and nobody sees it. */
export function PreviewPage(props: PreviewPageProps) {
  const { slug, capture, video, level, muted, bridge, editor, fence, stills, busy, problem, hands, room } =
    props;
  const trouble = capture.camera ?? capture.microphone;
  const ready = capture.phase === 'on' && !capture.camera;
  const device = deviceWords(bridge);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Before you go live</h1>
        <a href={`/r/${slug}`}>Your room’s address: /r/{slug}</a>
      </header>
      <div className={styles.left}>
        <OwnPicture track={video}>
          {video ? null : (
            <Button
              look="solid"
              size="l"
              icon={<Camera aria-hidden="true" />}
              busy={capture.phase === 'asking'}
              onClick={hands.startCamera}
            >
              Switch the camera on
            </Button>
          )}
        </OwnPicture>
        {trouble ? (
          <Notice
            kind="problem"
            title={captureWords(trouble).title}
            actions={<Button onClick={() => hands.setUp('camera')}>Look at camera and sound</Button>}
          >
            <p>{captureWords(trouble).wayOut}</p>
          </Notice>
        ) : null}
        <div className={styles.sound}>
          <Button
            icon={muted ? <MicOff aria-hidden="true" /> : <Mic aria-hidden="true" />}
            aria-pressed={muted}
            disabled={capture.withoutSound}
            onClick={() => hands.mute(!muted)}
          >
            {muted ? 'Muted' : 'Mute'}
          </Button>
          {capture.withoutSound ? <span>Without sound</span> : <LevelMeter level={level} />}
        </div>
        <dl className={styles.facts}>
          <Fact name="Device" text={device.title} hint={device.text} onChange={() => hands.setUp('device')} />
          <Fact
            name="Limits"
            text={bridge.envelopeFrom === 'broadcaster' ? 'Set and signed by you' : 'The careful default'}
            onChange={() => hands.setUp('envelope')}
          />
          <Fact name="Who may see you" text={fence} onChange={() => hands.setUp('fence')} />
        </dl>
        <Switch
          label="Show a still in the directory"
          hint="A small picture of your show, a new one every 15 seconds. It is gone when the show ends."
          checked={stills}
          onChange={hands.stills}
        />
      </div>
      <div className={styles.right}>
        <FaceEditor state={editor} hands={room} />
        <MenuEditor state={editor} hands={room} />
        <GoalEditor state={editor} hands={room} />
      </div>
      <div className={styles.launch}>
        <p role="status">{problem ?? 'Nobody sees you yet.'}</p>
        <Button
          look="solid"
          size="l"
          icon={<Radio aria-hidden="true" />}
          busy={busy}
          disabled={!ready}
          onClick={hands.goLive}
        >
          Go live
        </Button>
      </div>
    </div>
  );
}

function Fact({
  name,
  text,
  hint,
  onChange,
}: {
  readonly name: string;
  readonly text: string;
  readonly hint?: string;
  onChange(): void;
}) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>
        <span>{text}</span>
        {hint ? <small>{hint}</small> : null}
      </dd>
      <dd>
        <Button look="plain" onClick={onChange}>
          Change<span className="visually-hidden">: {name}</span>
        </Button>
      </dd>
    </div>
  );
}
