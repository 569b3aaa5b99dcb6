import type { ReactNode } from 'react';
import { Button } from '../../components/Button.tsx';
import { Tokens } from '../../components/Tokens.tsx';
import styles from './SummaryPage.module.css';
import { durationWords, type Summary } from './summary.ts';

/** The end of a show: what this page saw of it. */
export function SummaryPage({ summary, onAgain }: { readonly summary: Summary; onAgain(): void }) {
  const {
    startedWall = 0,
    endedWall = startedWall,
    viewersMost,
    joins,
    tips,
    earned,
    ran,
    partly,
    returned,
    lines,
  } = summary;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>That was your show</h1>
        <p>Nobody sees or hears you any more, and your device is not armed.</p>
      </header>
      <div className={styles.big}>
        <Figure name="Earned" value={<Tokens amount={earned} />} />
        <Figure name="On for" value={durationWords(endedWall - startedWall)} />
        <Figure name="Most viewers at once" value={`${viewersMost}`} />
      </div>
      <dl className={styles.list}>
        <Row name="Times somebody came in" value={joins} />
        <Row name="Tips" value={tips} />
        <Row name="Effects that ran" value={ran} />
        <Row name="Effects that ran in part" value={partly} />
        <Row name="Effects that went back" value={returned} />
        <Row name="Lines said" value={lines} />
      </dl>
      <p className={styles.note}>
        Counted by this page while it was open. The ledger has every token, whatever this page saw.
      </p>
      <div className={styles.actions}>
        <Button look="solid" size="l" onClick={onAgain}>
          Done
        </Button>
      </div>
    </div>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <div className={styles.figure}>
      <p className={styles.value}>{value}</p>
      <p className={styles.name}>{name}</p>
    </div>
  );
}

function Row({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div className={styles.row}>
      <dt>{name}</dt>
      <dd>{value.toLocaleString('en')}</dd>
    </div>
  );
}
