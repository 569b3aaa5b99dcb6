import { Eye, KeyRound, TriangleAlert } from 'lucide-react';
import styles from './WhoseTokens.module.css';

/** Whose the tokens are, who can see what, and what can go wrong. */
export function WhoseTokens() {
  return (
    <section className={styles.facts} aria-labelledby="whose">
      <h2 id="whose">Whose tokens these are</h2>
      <ul className={styles.list}>
        <li>
          <KeyRound aria-hidden="true" />
          <p>
            <strong>Whoever has the key.</strong> The wallet belongs to a key in this browser, not to an
            account: nobody asked who you are.
          </p>
        </li>
        <li>
          <Eye aria-hidden="true" />
          <p>
            <strong>The operator sees the wallet, not you.</strong> Its balance, and for each tip the room,
            the amount and the time. The service that keeps wallets never learns your name in a room; the one
            that knows that name never learns the wallet. An operator who opened both could join them, for
            about a week after a tip.
          </p>
        </li>
        <li>
          <TriangleAlert aria-hidden="true" />
          <p>
            <strong>Lose the key and the tokens are gone.</strong> Clearing this browser’s data does it.
            Nobody can give them back. <a href="/me#backup">Print a backup</a>
          </p>
        </li>
      </ul>
    </section>
  );
}
