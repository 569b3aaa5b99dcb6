import type { ReactNode } from 'react';
import styles from './Section.module.css';

export interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** Why it is there, in a sentence or two. */
  readonly about?: ReactNode;
  readonly children: ReactNode;
}

/** One matter of the page: what it is about on the left, what can be done on the right. */
export function Section({ id, title, about, children }: SectionProps) {
  return (
    <section id={id} className={styles.section} aria-labelledby={`${id}-title`}>
      <header className={styles.about}>
        <h2 id={`${id}-title`}>{title}</h2>
        {about ? <p>{about}</p> : null}
      </header>
      <div className={styles.content}>{children}</div>
    </section>
  );
}
