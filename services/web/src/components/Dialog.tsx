import { X } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { IconButton } from './Button.tsx';
import styles from './Dialog.module.css';

export interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** The buttons at its end. */
  readonly actions?: ReactNode;
  /** Esc, the cross, a press beside it. Without it the dialog can only be answered. */
  readonly onClose?: () => void;
  /** `sheet` comes from below on a phone, where a thumb reaches it. */
  readonly as?: 'dialog' | 'sheet';
}

/**
 * A question that everything else waits for. The platform's own `<dialog>`: it keeps the focus, hides the page behind
 * from screen readers and gives the focus back, with no script and no style of its own that a strict policy would refuse.
 */
export function Dialog({ title, children, actions, onClose, as = 'dialog' }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Before it is taken out of the page: only then does the platform give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`${styles.dialog} ${as === 'sheet' ? styles.sheet : ''}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose?.();
      }}
      // Escape comes as `cancel`; a rule wants a key beside every press.
      onKeyDown={() => {}}
    >
      <div className={styles.body}>
        <header className={styles.head}>
          <h2 id={heading}>{title}</h2>
          {onClose ? (
            <IconButton label="Close" onClick={onClose}>
              <X aria-hidden="true" />
            </IconButton>
          ) : null}
        </header>
        <div className={styles.content}>{children}</div>
        {actions ? <footer className={styles.actions}>{actions}</footer> : null}
      </div>
    </dialog>
  );
}
