import type { LevelTrace } from '../components/level-trace.ts';
import { Trace } from '../components/Trace.tsx';
import { nameOf } from '../lib/names.ts';
import styles from './DeviceStrip.module.css';
import type { TipLine } from './room-log.ts';

export interface DeviceStripProps {
  readonly trace: LevelTrace;
  readonly running?: TipLine | undefined;
  readonly waiting: readonly TipLine[];
}

/** Of those that wait so many are named; the rest are a number. */
const WAITING_SHOWN = 3;

/** What the device is asked to do at this moment, for whom, and what waits. */
export function DeviceStrip({ trace, running, waiting }: DeviceStripProps) {
  const more = waiting.length - WAITING_SHOWN;
  return (
    <div className={styles.strip}>
      <div className={styles.now}>
        {running?.item ? (
          <>
            <span className={styles.what}>{running.item.name}</span>
            <span className={styles.whom}>
              {running.stage === 'paused' ? 'paused, ' : ''}for {whom(running)}
            </span>
          </>
        ) : (
          <span className={styles.rest}>The device rests</span>
        )}
      </div>
      <div className={styles.trace}>
        <Trace
          trace={trace}
          label={running?.item ? `The device runs ${running.item.name}` : 'The device rests'}
        />
      </div>
      <ul className={styles.waiting} aria-label="Waiting for the device">
        {waiting.slice(0, WAITING_SHOWN).map((tip) => (
          <li key={tip.id}>
            {tip.item?.name}
            <span className="visually-hidden"> for {whom(tip)}</span>
          </li>
        ))}
        {more > 0 ? <li>and {more} more</li> : null}
      </ul>
    </div>
  );
}

function whom({ mine, from }: TipLine): string {
  return mine ? 'you' : nameOf(from ?? '');
}
