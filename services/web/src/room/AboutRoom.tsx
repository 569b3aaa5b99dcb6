import { Tokens } from '../components/Tokens.tsx';
import styles from './AboutRoom.module.css';

export interface Goal {
  readonly title: string;
  readonly amount: bigint;
  readonly reached: bigint;
}

export interface AboutRoomProps {
  readonly title: string;
  readonly tags: readonly string[];
  readonly goal?: Goal | undefined;
}

/** What the room says of itself, and how far its goal is. */
export function AboutRoom({ title, tags, goal }: AboutRoomProps) {
  return (
    <div className={styles.about}>
      <div className={styles.text}>
        <h1>{title}</h1>
        {tags.length > 0 ? (
          <ul className={styles.tags} aria-label="Tags">
            {tags.map((tag) => (
              <li key={tag}>{tag}</li>
            ))}
          </ul>
        ) : null}
      </div>
      {goal ? <GoalBar goal={goal} /> : null}
    </div>
  );
}

export function GoalBar({ goal }: { readonly goal: Goal }) {
  const { title, amount, reached } = goal;
  const percent = Math.min(100, Number((reached * 100n) / amount));
  return (
    <div className={styles.goal}>
      <div className={styles.goalText}>
        <span className={styles.goalTitle}>{reached >= amount ? `${title}: reached` : title}</span>
        <span className={styles.goalFigures}>
          <Tokens amount={reached} /> of {amount.toLocaleString('en')}
        </span>
      </div>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={`Goal: ${title}`}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}
