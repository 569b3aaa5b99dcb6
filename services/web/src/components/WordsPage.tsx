import type { ReactNode } from 'react';
import styles from './WordsPage.module.css';

/** A page that has only something to say, and the way on. */
export function WordsPage({ children }: { readonly children: ReactNode }) {
  return (
    <div className={styles.page}>
      {children}
      <a className={styles.way} href="/">
        See who is live
      </a>
    </div>
  );
}
