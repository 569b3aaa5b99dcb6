import styles from './Perch.module.css';

/** The bird at rest, along its branch as nightjars sit: nothing is on. */
export function Perch() {
  return (
    <svg className={styles.perch} viewBox="0 0 220 110" aria-hidden="true">
      <circle className={styles.moon} cx="158" cy="40" r="30" />
      <path className={styles.branch} d="M10 90c44-3 84 3 128 0s54-5 74-10" />
      <path
        className={styles.bird}
        d="M166 62c-3-10-13-17-26-16-14 1-26 5-44 14-20 10-40 17-62 21l-4 6c26 2 54 2 84-1 26-3 42-8 48-19 3-1 4-3 4-5z"
      />
      <path className={styles.wing} d="M138 66c-10 10-36 16-78 16 26-5 44-11 56-18 8-4 16-4 22 2z" />
      <circle className={styles.eye} cx="150" cy="57" r="2.6" />
    </svg>
  );
}
