import { ENGINE_PING_MS_ADVISED } from '@nightjar/bridge/machine/limits';
import { Activity, CircleOff, Plug } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { BridgeState } from '../../bridge/bridge-state.ts';
import { LOCAL_ACCESS_WORDS } from '../../bridge/local-network.ts';
import type { DeviceChoice } from '../../bridge/messages.ts';
import { Button } from '../../components/Button.tsx';
import { Choices } from '../../components/Choices.tsx';
import { TextField } from '../../components/Field.tsx';
import { Notice } from '../../components/Notice.tsx';
import { StepBody } from '../setup/SetUpPage.tsx';
import styles from './DeviceStep.module.css';
import { trialWords } from './device-words.ts';
import { SimulatedShape } from './SimulatedShape.tsx';
import { StopsWhen } from './StopsWhen.tsx';

const CHOICES = [
  { value: 'none', name: 'None', hint: 'Tips without effects', Icon: CircleOff },
  { value: 'simulated', name: 'A simulated one', hint: 'To try everything out', Icon: Activity },
  { value: 'intiface', name: 'On this computer', hint: 'Through Intiface Central', Icon: Plug },
] as const;

export interface DeviceStepProps {
  readonly state: BridgeState;
  readonly chosen: 'none' | DeviceChoice['driver'];
  readonly url: string;
  level(): number;
  onChoose(device: DeviceChoice | undefined): void;
  /** Opens its link, to see whether it is there. Nothing moves by that. */
  onLook(): void;
  /** Moves it gently for a second. */
  onTry(): void;
  onNext(): void;
}

export function DeviceStep(props: DeviceStepProps) {
  const { state, chosen, level, onChoose, onNext } = props;
  // Intiface is asked for only once a person has read why the browser will ask them.
  const [picked, setPicked] = useState(chosen);
  const pick = (driver: typeof picked): void => {
    setPicked(driver);
    if (driver === 'none') onChoose(undefined);
    if (driver === 'simulated') onChoose({ driver });
  };
  const ready = picked === 'none' || state.view?.deviceName !== undefined;
  return (
    <StepBody
      title="Device"
      lead="What tips move. It is driven from this computer; the server never speaks to it."
      actions={
        <Button
          look="solid"
          size="l"
          disabled={picked === 'intiface' && chosen !== 'intiface'}
          onClick={onNext}
        >
          {ready ? 'Continue' : 'Continue without it for now'}
        </Button>
      }
    >
      <Choices legend="Your device" name="device" choices={CHOICES} value={picked} onChange={pick} />
      {picked === 'intiface' ? <Intiface {...props} /> : null}
      {picked !== 'none' && picked === chosen ? (
        <Found state={state} level={level} onLook={props.onLook} onTry={props.onTry} />
      ) : null}
    </StepBody>
  );
}

function Intiface({ url, chosen, state, onChoose }: DeviceStepProps) {
  const [typed, setTyped] = useState(url);
  const [tried, setTried] = useState(false);
  const fault = /^wss?:\/\/\S+$/.test(typed.trim())
    ? undefined
    : 'It begins with ws://, as Intiface shows it.';
  const connect = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!fault) onChoose({ driver: 'intiface', url: typed.trim() });
  };
  return (
    <form className={styles.intiface} onSubmit={connect} noValidate>
      <ol className={styles.how}>
        <li>Start Intiface Central on this computer and press its start button.</li>
        <li>
          In its settings, set the max ping time to {ENGINE_PING_MS_ADVISED} ms: then your device stops by
          itself within a second if this page stops running.
        </li>
        <li>
          Press connect. Your browser may ask whether this page may reach apps on this device: that is
          Intiface, and nothing else is looked for.
        </li>
      </ol>
      <div className={styles.address}>
        <TextField
          label="Its address"
          value={typed}
          autoComplete="off"
          spellCheck={false}
          error={tried ? fault : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" look="solid" busy={chosen === 'intiface' && state.phase === 'starting'}>
          Connect
        </Button>
      </div>
    </form>
  );
}

interface FoundProps extends Pick<DeviceStepProps, 'state' | 'level' | 'onLook' | 'onTry'> {}

function Found({ state, level, onLook, onTry }: FoundProps) {
  const { view, problem, device, stopsWhen, phase } = state;
  const here = view?.deviceName !== undefined;
  const busy = phase === 'starting' || view?.trial === 'waiting' || view?.trial === 'moving';
  const startable = phase === 'running';
  const mayAsk = problem === undefined || problem.code === 'refused_by_browser';
  if (state.localAccess === 'prompt' && mayAsk && !here && !busy)
    return (
      <Notice
        title={LOCAL_ACCESS_WORDS.title}
        actions={
          <Button look="solid" disabled={!startable} onClick={onLook}>
            Look for it
          </Button>
        }
      >
        <p>{LOCAL_ACCESS_WORDS.text}</p>
      </Notice>
    );
  if (problem && !here && !busy)
    return (
      <Notice
        kind="problem"
        title={problem.title}
        actions={
          <Button look="solid" disabled={!startable} onClick={onLook}>
            Look for it
          </Button>
        }
      >
        <p>{problem.wayOut}</p>
      </Notice>
    );
  return (
    <div className={styles.found}>
      <div className={styles.device}>
        {device?.driver === 'simulated' ? (
          <SimulatedShape level={level} label="Your simulated device" />
        ) : null}
        <div className={styles.about} role="status">
          <p className={styles.name}>{here ? view.deviceName : busy ? 'Looking for it …' : 'Is it here?'}</p>
          <p>{trialWords(state)}</p>
        </div>
        {here ? (
          <Button look="solid" busy={busy} onClick={onTry}>
            Try it
          </Button>
        ) : (
          <Button look="solid" busy={busy} disabled={!startable} onClick={onLook}>
            Look for it
          </Button>
        )}
      </div>
      <div className={styles.stops}>
        <h2>When it stops by itself</h2>
        <StopsWhen facts={stopsWhen} />
      </div>
    </div>
  );
}
