import { Eye } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Tokens } from '../../components/Tokens.tsx';
import { EndQuestion } from '../EndQuestion.tsx';
import styles from './LiveHead.module.css';
import type { LiveState } from './live-model.ts';
import { clockWords, type Tally } from './summary.ts';

export interface LiveHeadProps {
  readonly tally: Tally;
  readonly link: LiveState['link'];
  /** The picture goes out at this moment. */
  readonly sending: boolean;
  onEnd(): Promise<void>;
}

/** The band that cannot be missed: whoever sees it is being seen. */
export function LiveHead({ tally, link, sending, onEnd }: LiveHeadProps) {
  const [asking, setAsking] = useState(false);
  const { viewers, earned, startedWall } = tally;
  return (
    <header className={styles.head}>
      <h1 className={styles.live}>
        <span className={styles.dot} aria-hidden="true" />
        {sending ? 'You are live' : 'Live, without your picture'}
      </h1>
      <p className={styles.facts}>
        <RunningClock startedWall={startedWall} />
        <span className={styles.fact}>
          <Eye aria-hidden="true" />
          {viewers.toLocaleString('en')}
          <span className="visually-hidden">{viewers === 1 ? ' viewer' : ' viewers'}</span>
        </span>
        <Tokens amount={earned} quiet />
      </p>
      <p className={styles.link} role="status">
        {link === 'live'
          ? ''
          : link === 'closed'
            ? 'The room’s connection is closed.'
            : 'Coming back to the room …'}
      </p>
      <Button className={styles.end ?? ''} onClick={() => setAsking(true)}>
        End the show
      </Button>
      {asking ? <EndQuestion onEnd={onEnd} onClose={() => setAsking(false)} /> : null}
    </header>
  );
}

function RunningClock({ startedWall }: { readonly startedWall: number | undefined }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className={styles.clock}>{clockWords(startedWall === undefined ? 0 : now - startedWall)}</span>
  );
}
