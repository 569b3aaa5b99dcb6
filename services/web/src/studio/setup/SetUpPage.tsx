import { Check } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../../components/Button.tsx';
import { STEPS, type Step } from '../kept.ts';
import styles from './SetUpPage.module.css';

export const STEP_NAMES: Readonly<Record<Step, string>> = {
  camera: 'Camera and sound',
  connection: 'Connection',
  device: 'Device',
  envelope: 'Limits',
  fence: 'Who may see you',
};

export interface SetUpPageProps {
  readonly step: Step;
  readonly done: readonly Step[];
  readonly children: ReactNode;
  onGoTo(step: Step): void;
  onLeave(): void;
}

/** The walk of five steps: any of them can be gone back to, and what was done is remembered. */
export function SetUpPage({ step, done, children, onGoTo, onLeave }: SetUpPageProps) {
  const at = STEPS.indexOf(step);
  const all = done.length === STEPS.length;
  const body = useRef<HTMLElement>(null);
  const first = useRef(true);
  // A new step begins at its title, for eyes and for screen readers.
  useEffect(() => {
    if (!first.current) body.current?.querySelector<HTMLElement>('h1')?.focus();
    first.current = false;
  }, [step]);
  return (
    <div className={styles.page}>
      <nav className={styles.steps} aria-label="Setting up">
        <p className={styles.count}>
          Step {at + 1} of {STEPS.length}
        </p>
        <ol>
          {STEPS.map((name, i) => {
            const isDone = done.includes(name);
            return (
              <li key={name}>
                <button
                  type="button"
                  className={styles.step}
                  aria-current={name === step ? 'step' : undefined}
                  data-done={isDone || undefined}
                  onClick={() => onGoTo(name)}
                >
                  <span className={styles.mark} aria-hidden="true">
                    {isDone ? <Check /> : i + 1}
                  </span>
                  <span className={styles.name}>{STEP_NAMES[name]}</span>
                  {isDone ? <span className="visually-hidden">, done</span> : null}
                </button>
              </li>
            );
          })}
        </ol>
        {all ? (
          <Button look="plain" onClick={onLeave}>
            Back to the preview
          </Button>
        ) : null}
      </nav>
      <section className={styles.body} ref={body} key={step}>
        {children}
      </section>
    </div>
  );
}

/** A step's title, what it is for, its body, and the way on. */
export function StepBody({
  title,
  lead,
  children,
  actions,
}: {
  readonly title: string;
  readonly lead: ReactNode;
  readonly children: ReactNode;
  readonly actions: ReactNode;
}) {
  return (
    <>
      <header className={styles.head}>
        <h1 tabIndex={-1}>{title}</h1>
        <p>{lead}</p>
      </header>
      {children}
      <footer className={styles.actions}>{actions}</footer>
    </>
  );
}
