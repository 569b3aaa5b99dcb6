import styles from './Perch.module.css';

/** The bird at rest: nothing is on. */
export function Perch() {
  return (
    <svg className={styles.perch} viewBox="0 0 220 110" aria-hidden="true">
      <circle className={styles.moon} cx="156" cy="42" r="26" />
      <g transform="translate(52 -6) scale(4)">
        <path
          className={styles.bird}
          d="M6 19c4-8 11-10 20-9-3 1-5 3-6 6 2 0 3 1 4 2-5-1-8 1-10 5-1-3-4-4-8-4z"
        />
      </g>
      <path className={styles.branch} d="M8 90c40-6 84 4 128-2s58-4 76-8" />
    </svg>
  );
}
