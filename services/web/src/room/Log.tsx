import { ArrowDown } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '../components/Button.tsx';
import styles from './Log.module.css';
import { LogLine } from './LogLine.tsx';
import { summaryOf } from './log-summary.ts';
import type { Line } from './room-log.ts';

export interface LogProps {
  readonly lines: readonly Line[];
  /** Stands where there are no lines yet. */
  readonly empty: ReactNode;
  /** What can be done about a line: the studio's moderation. */
  readonly actions?: (line: Line) => ReactNode;
}

/** New lines are told to screen readers in a summary, this often: a lively room would talk without an end. */
const SUMMARY_EVERY_MS = 8_000;
/** Within so many pixels of its end the log follows what is new. */
const FOLLOW_PX = 60;

/** The room's log. It follows what is new, unless a person reads further up. */
export function Log({ lines, empty, actions }: LogProps) {
  const list = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const last = lines.at(-1)?.id;
  // A new last line is what it scrolls for.
  useEffect(() => {
    const element = list.current;
    if (element && follows) element.scrollTop = element.scrollHeight;
  }, [last, follows]);
  return (
    <div className={styles.log}>
      <div
        ref={list}
        className={styles.list}
        role="log"
        aria-live="off"
        aria-label="Lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: at }) =>
          setFollows(at.scrollHeight - at.scrollTop - at.clientHeight < FOLLOW_PX)
        }
      >
        {lines.length === 0 ? (
          <div className={styles.empty}>{empty}</div>
        ) : (
          lines.map((line) => <LogLine key={line.id} line={line} actions={actions?.(line)} />)
        )}
      </div>
      {follows ? null : (
        <Button
          className={styles.down ?? ''}
          look="solid"
          icon={<ArrowDown aria-hidden="true" />}
          onClick={() => setFollows(true)}
        >
          New lines
        </Button>
      )}
      <Summary lines={lines} />
    </div>
  );
}

function Summary({ lines }: { readonly lines: readonly Line[] }) {
  const latest = useRef(lines);
  latest.current = lines;
  const [text, setText] = useState('');
  useEffect(() => {
    let before = latest.current;
    const timer = setInterval(() => {
      setText(summaryOf(before, latest.current));
      before = latest.current;
    }, SUMMARY_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="visually-hidden" role="status">
      {text}
    </p>
  );
}
