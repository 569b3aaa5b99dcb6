import type { GoalView } from '@nightjar/client/room-view';
import { Tokens } from '../../components/Tokens.tsx';
import styles from './GoalProgress.module.css';

export function GoalProgress({ goal }: { readonly goal: GoalView }) {
  const { title, amount, reached } = goal;
  const share = Math.min(1, Number((reached * 1_000n) / amount) / 1_000);
  return (
    <div className={styles.goal}>
      <p className={styles.words}>
        <span>{title}</span>
        <span>
          <Tokens amount={reached} /> of {amount.toLocaleString('en')}
        </span>
      </p>
      <div className={styles.track} aria-hidden="true">
        <div className={styles.bar} style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
}
