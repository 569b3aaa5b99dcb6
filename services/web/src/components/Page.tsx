import { Compass, UserRound, Video, Wallet } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Page.module.css';

export type Place = 'directory' | 'wallet' | 'me' | 'studio' | 'room';

const PLACES = [
  { place: 'directory', href: '/', label: 'Rooms', Icon: Compass },
  { place: 'wallet', href: '/wallet', label: 'Wallet', Icon: Wallet },
  { place: 'me', href: '/me', label: 'Me', Icon: UserRound },
  { place: 'studio', href: '/studio', label: 'Studio', Icon: Video },
] as const;

/** The head of every page: the name, and the few places there are. */
export function Head({ at, children }: { readonly at: Place; readonly children?: ReactNode }) {
  return (
    <header className={styles.head}>
      <a className={styles.name} href="/">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <span>Nightjar</span>
      </a>
      {children ? <div className={styles.middle}>{children}</div> : null}
      <nav className={styles.nav} aria-label="Places">
        {PLACES.map(({ place, href, label, Icon }) => (
          <a key={place} href={href} aria-current={place === at ? 'page' : undefined} title={label}>
            <Icon aria-hidden="true" />
            <span>{label}</span>
          </a>
        ))}
      </nav>
    </header>
  );
}
