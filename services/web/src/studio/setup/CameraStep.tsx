import { Camera, Mic } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { SelectField } from '../../components/Field.tsx';
import { Notice } from '../../components/Notice.tsx';
import styles from './CameraStep.module.css';
import type { CaptureDevice, CaptureState } from './capture.ts';
import { BOTH_REFUSED, type CaptureKind, captureWords } from './capture-trouble.ts';
import { LevelMeter } from './LevelMeter.tsx';
import { OwnPicture } from './OwnPicture.tsx';
import { StepBody } from './SetUpPage.tsx';

export interface CameraStepProps {
  readonly state: CaptureState;
  readonly video: MediaStreamTrack | undefined;
  level(): number;
  onStart(): void;
  onChoose(kind: CaptureKind, id: string): void;
  onWithoutSound(without: boolean): void;
  onNext(): void;
}

export function CameraStep(props: CameraStepProps) {
  const { state, video, level, onStart, onChoose, onWithoutSound, onNext } = props;
  const { phase, camera, microphone, withoutSound } = state;
  const sound = !withoutSound && phase === 'on' && !microphone;
  const ready = phase === 'on' && !camera && (sound || withoutSound);
  return (
    <StepBody
      title="Camera and sound"
      lead="Your picture stays on this computer until you go live."
      actions={
        <>
          <Button look="solid" size="l" disabled={!ready} onClick={onNext}>
            Continue
          </Button>
          {withoutSound ? (
            <Button look="plain" size="l" onClick={() => onWithoutSound(false)}>
              Use a microphone after all
            </Button>
          ) : null}
        </>
      }
    >
      <OwnPicture track={video}>
        {video ? null : phase === 'asking' ? (
          <p role="status">Your browser asks for camera and microphone. Allow both to go on.</p>
        ) : camera ? null : (
          <Button look="solid" size="l" icon={<Camera aria-hidden="true" />} onClick={onStart}>
            Switch the camera on
          </Button>
        )}
      </OwnPicture>
      {camera?.fault === 'refused' && microphone?.fault === 'refused' ? (
        <Trouble words={BOTH_REFUSED} onRetry={onStart} />
      ) : (
        <>
          {camera ? <Trouble words={captureWords(camera)} onRetry={onStart} /> : null}
          {microphone ? (
            <Trouble
              words={captureWords(microphone)}
              onRetry={onStart}
              onWithout={() => onWithoutSound(true)}
            />
          ) : null}
        </>
      )}
      <div className={styles.pickers}>
        <Picker
          label="Camera"
          devices={state.cameras}
          value={state.cameraId}
          onChange={(id) => onChoose('camera', id)}
        />
        {withoutSound ? (
          <p className={styles.without}>Without sound: viewers hear nothing.</p>
        ) : (
          <Picker
            label="Microphone"
            devices={state.microphones}
            value={state.microphoneId}
            onChange={(id) => onChoose('microphone', id)}
          />
        )}
      </div>
      {sound ? (
        <div className={styles.level}>
          <Mic aria-hidden="true" />
          <LevelMeter level={level} />
          <span>Say something: the bar moves.</span>
        </div>
      ) : null}
    </StepBody>
  );
}

function Trouble({
  words,
  onRetry,
  onWithout,
}: {
  readonly words: { readonly title: string; readonly wayOut: string };
  onRetry(): void;
  onWithout?: () => void;
}) {
  const { title, wayOut } = words;
  return (
    <Notice
      kind="problem"
      title={title}
      actions={
        <>
          <Button onClick={onRetry}>Try again</Button>
          {onWithout ? <Button onClick={onWithout}>Go on without sound</Button> : null}
        </>
      }
    >
      <p>{wayOut}</p>
    </Notice>
  );
}

export function Picker({
  label,
  devices,
  value,
  onChange,
}: {
  readonly label: string;
  readonly devices: readonly CaptureDevice[];
  readonly value: string | undefined;
  onChange(id: string): void;
}) {
  const options = devices.map(({ id, label: name }) => ({ value: id, label: name }));
  return (
    <SelectField
      label={label}
      value={value ?? ''}
      disabled={options.length === 0}
      options={
        options.length === 0 || value === undefined ? [{ value: '', label: 'None yet' }, ...options] : options
      }
      onChange={onChange}
    />
  );
}
