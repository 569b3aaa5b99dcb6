import { Check, CircleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { TextField } from '../components/Field.tsx';
import { Tokens } from '../components/Tokens.tsx';
import { readAmount } from './amount.ts';
import { TOP_UP_AMOUNTS, TOP_UP_MAX } from './limits.ts';
import styles from './TopUpForm.module.css';
import type { TopUp } from './wallet-model.ts';

export interface TopUpFormProps {
  readonly topUp: TopUp;
  onBuy(amount: bigint): void;
  /** Something else was chosen: the last word is done with. */
  onChange(): void;
}

/** Gets tokens. They are play tokens: no card, no price. */
export function TopUpForm({ topUp, onBuy, onChange }: TopUpFormProps) {
  const [chosen, setChosen] = useState<bigint>(TOP_UP_AMOUNTS[1]);
  const [own, setOwn] = useState<string>();
  const typed = own === undefined ? undefined : readAmount(own);
  const amount = typed === undefined ? chosen : typed.is === 'good' ? typed.amount : undefined;
  const busy = topUp.is === 'asking' || topUp.is === 'coming';
  const choose = (next: bigint | undefined): void => {
    onChange();
    if (next === undefined) return setOwn(own ?? '');
    setOwn(undefined);
    setChosen(next);
  };
  return (
    <form
      className={styles.form}
      aria-labelledby="top-up"
      onSubmit={(event) => {
        event.preventDefault();
        if (amount !== undefined) onBuy(amount);
      }}
    >
      <h2 id="top-up">Get tokens</h2>
      <fieldset className={styles.amounts} disabled={busy}>
        <legend className="visually-hidden">How many</legend>
        {TOP_UP_AMOUNTS.map((offered) => (
          <label key={offered} className={styles.amount}>
            <input
              type="radio"
              name="amount"
              checked={own === undefined && chosen === offered}
              onChange={() => choose(offered)}
            />
            <Tokens amount={offered} />
          </label>
        ))}
        <label className={styles.amount}>
          <input type="radio" name="amount" checked={own !== undefined} onChange={() => choose(undefined)} />
          <span className={styles.own}>Other</span>
        </label>
      </fieldset>
      {own === undefined ? null : (
        <TextField
          label="How many"
          inputMode="numeric"
          autoComplete="off"
          unit="tokens"
          hint={`1 to ${TOP_UP_MAX.toLocaleString('en')}`}
          value={own}
          disabled={busy}
          autoFocus
          error={typed?.is === 'wrong' ? typed.why : undefined}
          onChange={(event) => {
            onChange();
            setOwn(event.target.value);
          }}
        />
      )}
      <Button look="ember" size="l" type="submit" busy={busy} disabled={amount === undefined}>
        {label(topUp, amount)}
      </Button>
      <Word topUp={topUp} />
    </form>
  );
}

function label(topUp: TopUp, amount: bigint | undefined): string {
  if (topUp.is === 'asking') return 'Asking the ledger';
  if (topUp.is === 'coming') return 'Waiting for the ledger';
  if (amount === undefined) return 'Get tokens';
  const words = `${amount.toLocaleString('en')} ${amount === 1n ? 'token' : 'tokens'}`;
  return topUp.is === 'failed' && topUp.unknown ? `Ask again for ${words}` : `Get ${words}`;
}

/** The ledger's last word, where it was asked for. */
function Word({ topUp }: { topUp: TopUp }) {
  return (
    <div className={styles.word} role="status">
      {topUp.is === 'there' ? (
        <p className={styles.line}>
          <Check aria-hidden="true" />
          {topUp.amount.toLocaleString('en')} {topUp.amount === 1n ? 'token is' : 'tokens are'} in your
          wallet.
        </p>
      ) : null}
      {topUp.is === 'coming' ? (
        <p className={styles.line}>
          They are paid. The ledger has not written them down yet; they come by themselves.
        </p>
      ) : null}
      {topUp.is === 'failed' ? (
        <p className={styles.line}>
          <CircleAlert aria-hidden="true" />
          {topUp.unknown
            ? 'No answer came, so it is not known whether they were bought. Ask again: it counts as the same purchase, and nothing is bought twice.'
            : `${topUp.title} Nothing was bought.`}
        </p>
      ) : null}
      {topUp.is === 'ready' || topUp.is === 'asking' ? (
        <p className={styles.quiet}>Play tokens: they cost nothing here, and are worth nothing elsewhere.</p>
      ) : null}
    </div>
  );
}
