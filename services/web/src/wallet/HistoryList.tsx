import { ArrowDownLeft, Sparkles } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { momentOf } from '../lib/times.ts';
import styles from './HistoryList.module.css';
import { type HistoryEntry, isEnded } from './history-entry.ts';
import { HISTORY_SHOWN } from './limits.ts';
import { change, stateWords } from './words.ts';

export interface HistoryListProps {
  /** Newest first; undefined while it is read. */
  readonly entries: readonly HistoryEntry[] | undefined;
  readonly nowMs: number;
  onForget(): void;
}

/** What this browser did with its tokens. Nobody else has this list. */
export function HistoryList({ entries, nowMs, onForget }: HistoryListProps) {
  const [all, setAll] = useState(false);
  const [asking, setAsking] = useState(false);
  const shown = all ? entries : entries?.slice(0, HISTORY_SHOWN);
  return (
    <section className={styles.history} aria-labelledby="history">
      <header className={styles.head}>
        <div>
          <h2 id="history">History</h2>
          <p className={styles.about}>Kept in this browser, and nowhere else.</p>
        </div>
        {entries && entries.length > 0 ? <Button onClick={() => setAsking(true)}>Forget all</Button> : null}
      </header>
      {entries === undefined ? <Skeleton height={180} label="Reading the history" /> : null}
      {entries?.length === 0 ? (
        <p className={styles.empty}>
          What you buy and tip from this browser appears here, with what became of it.
        </p>
      ) : null}
      {shown && shown.length > 0 ? (
        <ol className={styles.rows}>
          {shown.map((entry) => (
            <Row key={entry.id} entry={entry} nowMs={nowMs} />
          ))}
        </ol>
      ) : null}
      {entries && shown && entries.length > shown.length ? (
        <Button onClick={() => setAll(true)}>Show all {entries.length}</Button>
      ) : null}
      {asking ? (
        <Dialog
          title="Forget the history?"
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Keep it</Button>
              <Button
                look="solid"
                onClick={() => {
                  setAsking(false);
                  onForget();
                }}
              >
                Forget it
              </Button>
            </>
          }
        >
          <p>
            The list is taken out of this browser for good. Your tokens stay, and so do tips that are under
            way; only you will not see any more where they went.
          </p>
        </Dialog>
      ) : null}
    </section>
  );
}

function Row({ entry, nowMs }: { entry: HistoryEntry; nowMs: number }) {
  const tokens = change(entry);
  return (
    <li className={styles.row} data-open={!isEnded(entry) || undefined}>
      <span className={styles.icon} aria-hidden="true">
        {entry.kind === 'purchase' ? <ArrowDownLeft /> : <Sparkles />}
      </span>
      <div className={styles.what}>
        {entry.kind === 'purchase' ? (
          <span className={styles.title}>Tokens bought</span>
        ) : (
          <span className={styles.title}>
            {entry.item ?? 'Tip'} <span className={styles.in}>in</span>{' '}
            <a href={`/r/${encodeURIComponent(entry.room.slug)}`}>{entry.room.title}</a>
          </span>
        )}
        <span className={styles.state}>{stateWords(entry)}</span>
      </div>
      <time className={styles.when} dateTime={new Date(entry.at).toISOString()}>
        {momentOf(entry.at, nowMs)}
      </time>
      <span className={styles.tokens} data-none={tokens === 0n || undefined}>
        {signed(tokens)}
        <span className="visually-hidden"> tokens</span>
      </span>
    </li>
  );
}

function signed(tokens: bigint): string {
  if (tokens === 0n) return '0';
  return tokens > 0n ? `+${tokens.toLocaleString('en')}` : `−${(-tokens).toLocaleString('en')}`;
}
