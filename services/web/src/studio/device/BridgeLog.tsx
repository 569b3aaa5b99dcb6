import type { LogLine } from '../../bridge/bridge-state.ts';
import { clock } from '../stop/stop-words.ts';
import styles from './BridgeLog.module.css';
import { LOG_LINES_SHOWN, logWords } from './bridge-log.ts';

/** What the bridge did last, with its times: what a person wants to know after a stop. */
export function BridgeLog({ log }: { readonly log: readonly LogLine[] }) {
  if (log.length === 0) return null;
  return (
    <div className={styles.log}>
      <h2>What the bridge did</h2>
      <ol>
        {log
          .slice(-LOG_LINES_SHOWN)
          .reverse()
          .map((line, i) => (
            // Lines have no names of their own; their place among so few is one.
            <li key={i}>
              <time>{clock(line.atMs)}</time>
              <span>{logWords(line)}</span>
            </li>
          ))}
      </ol>
    </div>
  );
}
