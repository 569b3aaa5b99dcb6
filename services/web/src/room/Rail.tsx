import { ProblemError } from '@nightjar/client/problem-error';
import { CHAT_CHARS_MAX } from '@nightjar/sealed/chat-text';
import { useState } from 'react';
import { Notice } from '../components/Notice.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { nameOf } from '../lib/names.ts';
import { ChatInput } from './ChatInput.tsx';
import { Log } from './Log.tsx';
import styles from './Rail.module.css';
import type { RoomHands } from './room-hands.ts';
import type { RoomScreen } from './room-screen.ts';
import { TipBar } from './TipBar.tsx';
import { ConfirmTip, OwnTip, TopUp } from './TipDialogs.tsx';
import type { TipWish } from './tip-wish.ts';

type Asking =
  | { readonly is: 'own' }
  | { readonly is: 'confirm'; readonly wish: TipWish }
  | { readonly is: 'top-up'; readonly wish?: TipWish; readonly busy: boolean; readonly problem?: string };

export interface RailProps {
  readonly screen: RoomScreen;
  /** A tip of more tokens is asked about once more. */
  readonly confirmAbove: number;
  readonly hands: RoomHands;
}

/** The room's log, what can be tipped for, and a place to say something. */
export function Rail({ screen, confirmAbove, hands }: RailProps) {
  const [asking, setAsking] = useState<Asking>();
  const [problem, setProblem] = useState<string>();
  if (screen.is === 'looking') return <LookingRail />;
  if (screen.is !== 'room') return <p className={styles.nothing}>No lines here.</p>;

  const send = async (wish: TipWish): Promise<void> => {
    setAsking(undefined);
    setProblem(undefined);
    try {
      const tipped = await hands.tip(wish);
      if (tipped.is === 'short') setAsking({ is: 'top-up', wish, busy: false });
    } catch (error) {
      setProblem(titleOf(error));
    }
  };
  const wishFor = (wish: TipWish): void => {
    if (wish.amount > BigInt(confirmAbove)) setAsking({ is: 'confirm', wish });
    else void send(wish);
  };
  const buy = async (amount: bigint, wish?: TipWish): Promise<void> => {
    const topUp = { is: 'top-up', ...(wish ? { wish } : {}) } as const;
    setAsking({ ...topUp, busy: true });
    try {
      const balance = await hands.buy(amount);
      if (wish && balance >= wish.amount) wishFor(wish);
      else setAsking(wish ? { ...topUp, busy: false } : undefined);
    } catch (error) {
      setAsking({ ...topUp, busy: false, problem: titleOf(error) });
    }
  };

  return (
    <>
      {screen.link === 'lost' ? (
        <p className={styles.lost} role="status">
          The connection broke. Coming back by itself; no tip is lost.
        </p>
      ) : null}
      <Log
        lines={screen.log.lines}
        empty={
          <>
            <p>It is quiet here.</p>
            <p>Say something, or tip and watch the device answer.</p>
          </>
        }
      />
      {problem ? (
        <div className={styles.problem}>
          <Notice kind="problem" title="The tip was not sent">
            {problem}
          </Notice>
        </div>
      ) : null}
      <TipBar
        items={screen.menu}
        balance={screen.balance}
        open={screen.show === 'on'}
        onItem={(item) => wishFor({ item, amount: BigInt(item.price) })}
        onOwn={() => setAsking({ is: 'own' })}
        onTopUp={() => setAsking({ is: 'top-up', busy: false })}
      />
      <ChatInput
        state={screen.chat}
        roomId={hands.roomId}
        charactersMax={CHAT_CHARS_MAX}
        name={screen.pseudonym === undefined ? undefined : nameOf(screen.pseudonym)}
        onSay={(text) => hands.say(text)}
        onAcceptKeeper={() => hands.acceptKeeper()}
      />
      {asking?.is === 'own' ? (
        <OwnTip noteMax={CHAT_CHARS_MAX} onTip={wishFor} onClose={() => setAsking(undefined)} />
      ) : null}
      {asking?.is === 'confirm' ? (
        <ConfirmTip
          wish={asking.wish}
          limit={confirmAbove}
          onTip={() => void send(asking.wish)}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
      {asking?.is === 'top-up' ? (
        <TopUp
          wish={asking.wish}
          balance={screen.balance}
          busy={asking.busy}
          problem={asking.problem}
          onBuy={(amount) => void buy(amount, asking.wish)}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
    </>
  );
}

function LookingRail() {
  return (
    <div className={styles.looking}>
      <Skeleton height={120} label="Looking for the room" />
      <Skeleton height={120} />
      <Skeleton height={44} />
    </div>
  );
}

function titleOf(error: unknown): string {
  return error instanceof ProblemError ? error.title : 'Something went wrong on this page. Load it again.';
}
