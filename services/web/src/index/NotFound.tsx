import { PageTitle } from '../components/PageTitle.tsx';
import styles from './NotFound.module.css';

/** Also what a room that never was, or that may not be known, looks like from here. */
export function NotFound() {
  return (
    <div className={styles.page}>
      <PageTitle>There is nothing here</PageTitle>
      <p className={styles.more}>
        The address may have a letter too many or too few, or what was here is gone. Addresses of rooms end in
        characters that nobody can guess, so every one of them counts.
      </p>
      <a className={styles.way} href="/">
        See who is live
      </a>
    </div>
  );
}
