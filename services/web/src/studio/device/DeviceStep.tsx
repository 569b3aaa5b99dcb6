import { Activity, CircleOff, Plug } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { BridgeState } from '../../bridge/bridge-state.ts';
import type { DeviceChoice } from '../../bridge/messages.ts';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { Notice } from '../../components/Notice.tsx';
import { StepBody } from '../setup/SetUpPage.tsx';
import styles from './DeviceStep.module.css';
import { deviceWords } from './device-words.ts';
import { SimulatedShape } from './SimulatedShape.tsx';
import { StopsWhen } from './StopsWhen.tsx';

const CHOICES = [
  { driver: 'none', name: 'None', hint: 'Tips without effects', Icon: CircleOff },
  { driver: 'simulated', name: 'A simulated one', hint: 'To try everything out', Icon: Activity },
  { driver: 'intiface', name: 'On this computer', hint: 'Through Intiface Central', Icon: Plug },
] as const;

export interface DeviceStepProps {
  readonly state: BridgeState;
  readonly chosen: 'none' | DeviceChoice['driver'];
  readonly url: string;
  level(): number;
  onChoose(device: DeviceChoice | undefined): void;
  /** Opens its link for a moment, to see whether it is there. Nothing moves by that. */
  onLook(): void;
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
      <fieldset className={styles.choices}>
        <legend className="visually-hidden">Your device</legend>
        {CHOICES.map(({ driver, name, hint, Icon }) => (
          <label key={driver} className={styles.choice}>
            <input type="radio" name="device" checked={picked === driver} onChange={() => pick(driver)} />
            <Icon aria-hidden="true" />
            <span>
              <b>{name}</b>
              <small>{hint}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {picked === 'intiface' ? <Intiface {...props} /> : null}
      {picked !== 'none' && picked === chosen ? (
        <Found state={state} level={level} onLook={props.onLook} />
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
          In its settings, set the max ping time to 500 ms: then your device stops by itself if this page
          hangs.
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

function Found({ state, level, onLook }: { readonly state: BridgeState; level(): number; onLook(): void }) {
  const { view, problem, device, stopsWhen, phase } = state;
  const words = deviceWords(state);
  const here = view?.deviceName !== undefined;
  const looking = phase === 'starting' || view?.arm.phase === 'arming';
  const lookAgain = (
    <Button look={here ? 'quiet' : 'solid'} busy={looking} disabled={!here && !words.mayArm} onClick={onLook}>
      {here ? 'Look again' : 'Look for it'}
    </Button>
  );
  if (problem && !here && !looking)
    return (
      <Notice kind="problem" title={problem.title} actions={lookAgain}>
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
          <p className={styles.name}>
            {here ? view.deviceName : looking ? 'Looking for it …' : 'Is it here?'}
          </p>
          <p>
            {here
              ? 'It answered, and a stop was written to it.'
              : 'Its link is opened for a moment. Nothing moves.'}
          </p>
        </div>
        {lookAgain}
      </div>
      <div className={styles.stops}>
        <h2>When it stops by itself</h2>
        <StopsWhen facts={stopsWhen} />
      </div>
    </div>
  );
}
