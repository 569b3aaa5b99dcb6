import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './Button.module.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `ember` is for acts that cost tokens, and for nothing else. */
  readonly look?: 'solid' | 'quiet' | 'plain' | 'ember';
  readonly size?: 'm' | 'l';
  /** Work is under way: it cannot be pressed again, and says so. It keeps the focus, which a disabled one would lose. */
  readonly busy?: boolean;
  readonly icon?: ReactNode;
}

export function Button({ look = 'quiet', size = 'm', busy = false, icon, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={[styles.button, styles[look], styles[size], rest.className].filter(Boolean).join(' ')}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {busy ? <span className={styles.spinner} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does, in words: it has none that can be seen. */
  readonly label: string;
  readonly children: ReactNode;
}

export function IconButton({ label, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={[styles.icon, rest.className].filter(Boolean).join(' ')}
    >
      {children}
    </button>
  );
}
