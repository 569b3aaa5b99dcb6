import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '../../components/Button.tsx';
import styles from './ConnectionStep.module.css';
import { CHECKS, type Check, type CheckResult, type CheckState } from './connection-check.ts';
import { StepBody } from './SetUpPage.tsx';

const NAMES: Readonly<Record<Check, string>> = {
  server: 'The server',
  room: 'Your room',
  media: 'Picture and sound',
  network: 'This browser',
};

export interface ConnectionStepProps {
  readonly state: CheckState;
  onCheck(): void;
  onNext(): void;
}

export function ConnectionStep({ state, onCheck, onNext }: ConnectionStepProps) {
  const { phase, results } = state;
  // Nobody has to press what is going to be pressed anyway.
  useEffect(() => {
    if (phase === 'idle') onCheck();
  }, [phase, onCheck]);
  const good = CHECKS.every((check) => results[check].is === 'good');
  const failed = phase === 'done' && !good;
  return (
    <StepBody
      title="Connection"
      lead="Four things have to be within reach for a show. They are looked at one after the other."
      actions={
        <>
          <Button look="solid" size="l" disabled={phase !== 'done'} onClick={onNext}>
            {failed ? 'Continue all the same' : 'Continue'}
          </Button>
          <Button size="l" busy={phase === 'running'} onClick={onCheck}>
            Check again
          </Button>
        </>
      }
    >
      <ul className={styles.list} aria-live="polite">
        {CHECKS.map((check) => (
          <li key={check} className={styles.item} data-is={results[check].is}>
            <Mark result={results[check]} />
            <div>
              <p className={styles.name}>{NAMES[check]}</p>
              <p className={styles.text}>{results[check].text ?? WAITING[results[check].is]}</p>
              {results[check].wayOut ? <p className={styles.text}>{results[check].wayOut}</p> : null}
            </div>
          </li>
        ))}
      </ul>
    </StepBody>
  );
}

const WAITING: Readonly<Record<CheckResult['is'], string>> = {
  waiting: 'Not looked at yet.',
  running: 'Looking …',
  good: 'Good.',
  bad: 'Not good.',
};

function Mark({ result }: { readonly result: CheckResult }) {
  if (result.is === 'good') return <CircleCheck aria-label="Good:" />;
  if (result.is === 'bad') return <CircleAlert aria-label="Not good:" />;
  if (result.is === 'running') return <LoaderCircle className={styles.turning} aria-hidden="true" />;
  return <CircleDashed aria-hidden="true" />;
}
