import type { Ending, StopFact } from '@nightjar/bridge/stops-when';
import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react';
import styles from './StopsWhen.module.css';

const MARKS: Readonly<Record<Ending, { Icon: typeof CircleCheck; label: string }>> = {
  stop_sent: { Icon: CircleCheck, label: 'Stops:' },
  by_itself: { Icon: CircleCheck, label: 'Stops:' },
  unknown: { Icon: CircleHelp, label: 'Not known:' },
  runs_on: { Icon: CircleAlert, label: 'Does not stop:' },
};

/** What becomes of the device when something ends or breaks, told before it is needed. */
export function StopsWhen({ facts }: { readonly facts: readonly StopFact[] }) {
  return (
    <ul className={styles.facts}>
      {facts.map(({ event, ending, words }) => {
        const { Icon, label } = MARKS[ending];
        return (
          <li key={`${event} ${words}`}>
            <Icon aria-label={label} />
            <span>{words}</span>
          </li>
        );
      })}
    </ul>
  );
}
