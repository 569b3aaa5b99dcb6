import { pause } from '@nightjar/client/platform';
import { useEffect, useState } from 'react';
import { useStore } from '../lib/use-store.ts';
import { actingPerson, hasActed } from '../room/person.ts';
import { openHistory } from './history-database.ts';
import { WalletScreen } from './WalletScreen.tsx';
import { WalletModel } from './wallet-model.ts';

export function WalletPage() {
  const [history] = useState(openHistory);
  const [model] = useState(
    () =>
      new WalletModel({
        // Asked for with the first use alone: a key is made by acting, not by looking.
        wallet: {
          balance: () => actingPerson().wallet.balance(),
          buy: (...purchase) => actingPerson().wallet.buy(...purchase),
          tip: (tipId) => actingPerson().wallet.tip(tipId),
        },
        hasWallet: async () => hasActed(),
        history,
        now: Date.now,
        newId: () => crypto.randomUUID(),
        pause,
      }),
  );
  useEffect(() => void model.open(), [model]);
  return (
    <WalletScreen
      view={useStore(model.view)}
      history={useStore(history.entries)}
      nowMs={Date.now()}
      onBuy={(amount) => void model.buy(amount)}
      onChange={() => model.ready()}
      onRetry={() => void model.refresh()}
      onForget={() => void history.forgetAll()}
    />
  );
}
