import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Notice.module.css';

export interface NoticeProps {
  readonly title: string;
  /** What it means, and what to do. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** `problem` is told to screen readers at once. */
  readonly kind?: 'info' | 'problem';
}

export function Notice({ title, children, actions, kind = 'info' }: NoticeProps) {
  return (
    <div className={`${styles.notice} ${styles[kind]}`} role={kind === 'problem' ? 'alert' : undefined}>
      {kind === 'problem' ? <CircleAlert aria-hidden="true" /> : <Info aria-hidden="true" />}
      <div className={styles.text}>
        <p className={styles.title}>{title}</p>
        {children ? <div className={styles.more}>{children}</div> : null}
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </div>
    </div>
  );
}
