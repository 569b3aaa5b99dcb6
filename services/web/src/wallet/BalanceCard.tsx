import { RotateCw } from 'lucide-react';
import { Button } from '../components/Button.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { Tokens } from '../components/Tokens.tsx';
import styles from './BalanceCard.module.css';
import type { Holdings } from './wallet-model.ts';

/** What the ledger says is there. */
export function BalanceCard({ holdings, onRetry }: { readonly holdings: Holdings; onRetry(): void }) {
  const balance =
    holdings.is === 'known' ? holdings.balance : holdings.is === 'failed' ? holdings.known : undefined;
  return (
    <section className={styles.card} aria-labelledby="balance">
      <h2 id="balance" className={styles.name}>
        To spend
      </h2>
      {holdings.is === 'asking' ? (
        <div className={styles.skeleton}>
          <Skeleton height={52} label="Asking the ledger for your balance" />
        </div>
      ) : (
        <p className={styles.amount}>
          {balance ? (
            <Tokens amount={balance.available} />
          ) : holdings.is === 'none' ? (
            <Tokens amount={0n} />
          ) : (
            <span className={styles.unknown}>Not known</span>
          )}
        </p>
      )}
      <p className={styles.held} role="status">
        {balance && balance.held > 0n ? (
          <>
            <Tokens amount={balance.held} quiet /> held for tips that have not ended
          </>
        ) : null}
        {balance && balance.held === 0n ? 'Nothing is held for tips.' : null}
        {holdings.is === 'none' ? 'You have no wallet in this browser yet. The first tokens make one.' : null}
      </p>
      {holdings.is === 'failed' ? (
        <div className={styles.failed} role="alert">
          <p>
            {balance ? 'This may be old: the ledger did not answer.' : 'The ledger did not answer.'} Your
            tokens are safe there.
          </p>
          <Button icon={<RotateCw aria-hidden="true" />} onClick={onRetry}>
            Ask again
          </Button>
        </div>
      ) : null}
    </section>
  );
}
