import type { MenuItem } from '@nightjar/contracts/ws-protocol';
import { Coins } from 'lucide-react';
import { Button } from '../components/Button.tsx';
import { EffectShape } from '../components/EffectShape.tsx';
import { Tokens } from '../components/Tokens.tsx';
import styles from './TipBar.module.css';

export interface TipBarProps {
  readonly items: readonly MenuItem[];
  /** Undefined until the ledger has said it. */
  readonly balance?: bigint | undefined;
  /** A show is on: before and after it nothing can be tipped. */
  readonly open: boolean;
  onItem(item: MenuItem): void;
  onOwn(): void;
  onTopUp(): void;
}

/** What can be tipped for: price, name and a drawing of what the device will do. */
export function TipBar({ items, balance, open, onItem, onOwn, onTopUp }: TipBarProps) {
  return (
    <section className={styles.bar} aria-label="Tip">
      {open ? (
        <ul className={styles.items}>
          {items.map((item) => (
            <li key={item.itemId}>
              <TipChip item={item} onPress={() => onItem(item)} />
            </li>
          ))}
          <li>
            <button type="button" className={styles.chip} onClick={onOwn}>
              <span className={styles.name}>Own amount</span>
              <span className={styles.own}>and a note</span>
            </button>
          </li>
        </ul>
      ) : (
        <p className={styles.hint}>Tips open with the next show.</p>
      )}
      <div className={styles.purse}>
        {balance === undefined ? (
          <span className={styles.hint}>No account needed</span>
        ) : (
          <span className={styles.balance}>
            You have <Tokens amount={balance} />
          </span>
        )}
        <Button look="plain" icon={<Coins aria-hidden="true" />} onClick={onTopUp}>
          Get tokens
        </Button>
      </div>
    </section>
  );
}

function TipChip({ item, onPress }: { readonly item: MenuItem; onPress(): void }) {
  return (
    <button type="button" className={styles.chip} onClick={onPress}>
      <span className={styles.name}>{item.name}</span>
      <span className={styles.row}>
        <Tokens amount={item.price} />
        {item.effect ? <EffectShape effect={item.effect} /> : null}
      </span>
    </button>
  );
}
