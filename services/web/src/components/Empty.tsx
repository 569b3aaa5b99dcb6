import type { ReactNode } from 'react';
import styles from './Empty.module.css';

export interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** A drawing above it, that says nothing of its own. */
  readonly art?: ReactNode;
}

/** A page, or a part of one, that has nothing to show: what that means, and the way on. */
export function Empty({ title, children, actions, art }: EmptyProps) {
  return (
    <div className={styles.empty}>
      {art}
      <h2>{title}</h2>
      {children ? <div className={styles.more}>{children}</div> : null}
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}
