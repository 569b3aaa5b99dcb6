import { type ReactNode, useEffect, useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import styles from './Ask.module.css';

export interface AskProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly actions: ReactNode;
  onClose(): void;
}

/**
 * A question in the studio. Unlike a modal `<dialog>` it leaves the stop bar alive, for the pointer and for the keyboard:
 * only the page behind it waits.
 */
export function Ask({ title, children, actions, onClose }: AskProps) {
  const box = useRef<HTMLDivElement>(null);
  const heading = useId();
  useEffect(() => {
    const page = document.getElementById('studio');
    const before = document.activeElement;
    page?.setAttribute('inert', '');
    box.current?.querySelector<HTMLElement>('button, input')?.focus();
    return () => {
      page?.removeAttribute('inert');
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return createPortal(
    <div className={styles.veil}>
      <div
        ref={box}
        className={styles.box}
        role="alertdialog"
        aria-labelledby={heading}
        aria-describedby={`${heading}-text`}
        onKeyDown={(event) => {
          // Esc stops first of all; it takes the question away too.
          if (event.key === 'Escape') onClose();
        }}
        tabIndex={-1}
      >
        <h2 id={heading}>{title}</h2>
        <div id={`${heading}-text`} className={styles.text}>
          {children}
        </div>
        <div className={styles.actions}>{actions}</div>
      </div>
    </div>,
    document.getElementById('ask') ?? document.body,
  );
}
