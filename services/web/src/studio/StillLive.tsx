import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { EndQuestion } from './EndQuestion.tsx';
import styles from './Narrow.module.css';

export interface StillLiveProps {
  readonly startedWall: number;
  readonly busy: boolean;
  readonly problem?: string | undefined;
  onTakeUp(): void;
  onEnd(): Promise<void>;
}

/** A show is on, and this page does not send it: after a reload, or on another device. */
export function StillLive({ startedWall, busy, problem, onTakeUp, onEnd }: StillLiveProps) {
  const [asking, setAsking] = useState(false);
  const since = new Date(startedWall).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return (
    <div className={styles.narrow}>
      <div className={styles.stack}>
        <h1>You are still live</h1>
        <p className={styles.lead}>
          Your show is on since {since}. This page does not send your picture at the moment. Your device is
          not armed, and stays so until you arm it.
        </p>
      </div>
      {problem ? <Notice kind="problem" title={problem} /> : null}
      <div className={styles.actions}>
        <Button look="solid" size="l" busy={busy} onClick={onTakeUp}>
          Take it up again
        </Button>
        <Button size="l" disabled={busy} onClick={() => setAsking(true)}>
          End the show
        </Button>
      </div>
      <p className={styles.quiet}>
        If another window or device sends it, taking it up here ends the picture there.
      </p>
      {asking ? <EndQuestion onEnd={onEnd} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}
