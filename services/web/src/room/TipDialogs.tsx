import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { EffectShape } from '../components/EffectShape.tsx';
import { TextField } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Tokens } from '../components/Tokens.tsx';
import { readTokens } from '../lib/tokens.ts';
import styles from './TipDialogs.module.css';
import type { TipWish } from './tip-wish.ts';

export function OwnTip({
  noteMax,
  onTip,
  onClose,
}: {
  readonly noteMax: number;
  onTip(wish: TipWish): void;
  onClose(): void;
}) {
  const [amount, setAmount] = useState('');
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const typed = readTokens(amount);
  const tokens = typed === 0n ? undefined : typed;
  const tip = (): void => {
    setTried(true);
    if (tokens === undefined) return;
    const text = note.trim();
    onTip({ amount: tokens, ...(text === '' ? {} : { note: text }) });
  };
  return (
    <Dialog
      as="sheet"
      title="Your own amount"
      onClose={onClose}
      actions={
        <Button look="ember" onClick={tip}>
          {tokens === undefined ? 'Tip' : `Tip ${tokens.toLocaleString('en')} tokens`}
        </Button>
      }
    >
      <TextField
        label="Tokens"
        inputMode="numeric"
        value={amount}
        unit="tokens"
        autoComplete="off"
        error={tried && tokens === undefined ? 'Enter a whole number, 1 or more.' : undefined}
        onChange={(event) => setAmount(event.target.value)}
      />
      <TextField
        label="A note, if you like"
        value={note}
        maxLength={noteMax}
        autoComplete="off"
        hint="Sealed to the people in this room. The server cannot read it."
        onChange={(event) => setNote(event.target.value)}
      />
    </Dialog>
  );
}

export function ConfirmTip({
  wish,
  limit,
  onTip,
  onClose,
}: {
  readonly wish: TipWish;
  readonly limit: number;
  onTip(): void;
  onClose(): void;
}) {
  return (
    <Dialog
      as="sheet"
      title={`Tip ${wish.amount.toLocaleString('en')} tokens?`}
      onClose={onClose}
      actions={
        <>
          <Button look="plain" onClick={onClose}>
            Not now
          </Button>
          <Button look="ember" onClick={onTip}>
            Tip {wish.amount.toLocaleString('en')}
          </Button>
        </>
      }
    >
      <div className={styles.wish}>
        {wish.item?.effect ? <EffectShape effect={wish.item.effect} /> : null}
        <strong>{wish.item?.name ?? 'Your own amount'}</strong>
        <Tokens amount={wish.amount} />
      </div>
      {wish.item?.effect ? (
        <p className={styles.quiet}>
          Tokens are held until the device has run it. What does not run comes back by itself.
        </p>
      ) : null}
      <p className={styles.quiet}>
        You are asked above {limit.toLocaleString('en')} tokens. You can change that in Me.
      </p>
    </Dialog>
  );
}

export const TOP_UPS = [100n, 500n, 1_000n] as const;

export function TopUp({
  wish,
  balance,
  busy,
  problem,
  onBuy,
  onClose,
}: {
  /** What the tokens are for, where a tip was short of them. */
  readonly wish?: TipWish | undefined;
  readonly balance: bigint | undefined;
  readonly busy: boolean;
  readonly problem?: string | undefined;
  onBuy(amount: bigint): void;
  onClose(): void;
}) {
  return (
    <Dialog as="sheet" title={wish ? 'A few tokens short' : 'Get tokens'} onClose={onClose}>
      {wish ? (
        <p>
          {wish.item?.name ?? 'This tip'} costs <Tokens amount={wish.amount} />, and you have{' '}
          <Tokens amount={balance ?? 0n} />.
        </p>
      ) : (
        <p>
          You have <Tokens amount={balance ?? 0n} />.
        </p>
      )}
      {problem ? (
        <Notice kind="problem" title="No tokens were added">
          {problem}
        </Notice>
      ) : null}
      <div className={styles.amounts}>
        {TOP_UPS.map((amount) => (
          <Button key={String(amount)} look="ember" size="l" disabled={busy} onClick={() => onBuy(amount)}>
            {amount.toLocaleString('en')}
          </Button>
        ))}
      </div>
      <p className={styles.quiet} role="status">
        {busy
          ? 'The ledger is writing it down…'
          : 'Play tokens: they cost nothing and buy nothing. They belong to a key in this browser.'}
      </p>
    </Dialog>
  );
}
