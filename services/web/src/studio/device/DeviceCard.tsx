import type { BridgeState } from '../../bridge/bridge-state.ts';
import { Button } from '../../components/Button.tsx';
import type { LevelTrace } from '../../components/level-trace.ts';
import { Trace } from '../../components/Trace.tsx';
import { envelopeLine } from '../setup/envelope-words.ts';
import styles from './DeviceCard.module.css';
import type { DeviceColumnProps } from './DeviceColumn.tsx';
import { deviceWords, linkFacts } from './device-words.ts';
import { SimulatedShape } from './SimulatedShape.tsx';
import { StopsWhen } from './StopsWhen.tsx';

export interface DeviceCardProps {
  readonly state: BridgeState;
  readonly trace: LevelTrace;
  readonly hands: DeviceColumnProps['hands'];
}

/** A device: what it is, whether tips move it and why not, what holds it in bounds, and what it does by itself. */
export function DeviceCard({ state, trace, hands }: DeviceCardProps) {
  const { phase, view, device, envelope, stopsWhen, problem } = state;
  const { title, text, mayArm } = deviceWords(state);
  const armed = view?.arm.phase === 'armed' || view?.arm.phase === 'arming';
  const trying = view?.trial === 'waiting' || view?.trial === 'moving';
  const over = phase === 'ended' || phase === 'dead';
  if (phase === 'off')
    return (
      <div className={styles.card}>
        <h2>{title}</h2>
        <p className={styles.soft}>{text}</p>
      </div>
    );
  return (
    <div className={styles.card}>
      <div className={styles.head}>
        <h2>{view?.deviceName ?? 'Your device'}</h2>
        <ul className={styles.facts}>
          {linkFacts(state).map(({ name, text: fact }) => (
            <li key={name}>
              <span>{name}</span> {fact}
            </li>
          ))}
        </ul>
      </div>
      <div className={styles.trace}>
        {device?.driver === 'simulated' ? (
          <SimulatedShape level={() => trace.level} label="What the simulated device does" />
        ) : null}
        <div className={styles.strip}>
          <Trace
            trace={trace}
            label={`Its level over the last 20 seconds; now ${Math.round(state.level * 100)}%`}
          />
        </div>
        <output className={styles.level} data-moving={state.level > 0 || undefined}>
          {Math.round(state.level * 100)}%
        </output>
      </div>
      <div className={styles.arm} data-armed={armed || undefined}>
        <div role="status">
          <p className={styles.title}>{title}</p>
          <p className={styles.soft}>{text}</p>
        </div>
        {over ? (
          <Button look="solid" onClick={hands.restart}>
            Start it again
          </Button>
        ) : armed ? (
          <Button onClick={hands.disarm}>Disarm</Button>
        ) : (
          <div className={styles.acts}>
            <Button look="plain" disabled={!mayArm} busy={trying} onClick={hands.tryIt}>
              Try it
            </Button>
            <Button look="solid" disabled={!mayArm} onClick={hands.arm}>
              Arm
            </Button>
          </div>
        )}
      </div>
      {problem && !over && problem.title !== title ? (
        <p className={styles.problem} role="alert">
          <b>{problem.title}</b> {problem.wayOut}
        </p>
      ) : null}
      <p className={styles.limits}>Limits: {envelopeLine(envelope)}</p>
      <details className={styles.more}>
        <summary>When it stops by itself</summary>
        <StopsWhen facts={stopsWhen} />
      </details>
    </div>
  );
}
