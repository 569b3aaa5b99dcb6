import { PageTitle } from '../components/PageTitle.tsx';
import { BalanceCard } from './BalanceCard.tsx';
import { HistoryList } from './HistoryList.tsx';
import type { HistoryEntry } from './history-entry.ts';
import { TopUpForm } from './TopUpForm.tsx';
import styles from './WalletScreen.module.css';
import { WhoseTokens } from './WhoseTokens.tsx';
import type { WalletView } from './wallet-model.ts';

export interface WalletScreenProps {
  readonly view: WalletView;
  readonly history: readonly HistoryEntry[] | undefined;
  readonly nowMs: number;
  onBuy(amount: bigint): void;
  onChange(): void;
  onRetry(): void;
  onForget(): void;
}

export function WalletScreen({
  view,
  history,
  nowMs,
  onBuy,
  onChange,
  onRetry,
  onForget,
}: WalletScreenProps) {
  return (
    <div className={styles.page}>
      <PageTitle>Wallet</PageTitle>
      <div className={styles.money}>
        <BalanceCard holdings={view.holdings} onRetry={onRetry} />
        <TopUpForm topUp={view.topUp} onBuy={onBuy} onChange={onChange} />
      </div>
      <HistoryList entries={history} nowMs={nowMs} onForget={onForget} />
      <WhoseTokens />
    </div>
  );
}
