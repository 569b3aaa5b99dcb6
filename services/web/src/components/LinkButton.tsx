import type { ReactNode } from 'react';
import styles from './Button.module.css';

/** A link that looks like a button: it goes somewhere, and does nothing else. */
export function LinkButton({
  href,
  look = 'quiet',
  children,
}: {
  readonly href: string;
  readonly look?: 'solid' | 'quiet' | 'plain';
  readonly children: ReactNode;
}) {
  return (
    <a href={href} className={`${styles.button} ${styles[look]}`}>
      {children}
    </a>
  );
}
