import { EffectShape } from '../../components/EffectShape.tsx';
import { Tokens } from '../../components/Tokens.tsx';
import { nameOf } from '../../lib/names.ts';
import { RunBar } from '../../room/RunBar.tsx';
import type { TipLine } from '../../room/room-log.ts';
import styles from './Queue.module.css';

/** What runs now and what waits: for whom, and for how much. */
export function Queue({
  running,
  waiting,
}: {
  readonly running: TipLine | undefined;
  readonly waiting: readonly TipLine[];
}) {
  return (
    <div className={styles.queue}>
      <h2>Queue</h2>
      {running ? (
        <div className={styles.running} data-paused={running.stage === 'paused' || undefined}>
          <Entry tip={running} />
          <div className={styles.bar}>
            <RunBar tip={running} />
            <span>{running.stage === 'paused' ? 'paused' : 'runs now'}</span>
          </div>
        </div>
      ) : null}
      {waiting.length > 0 ? (
        <ol className={styles.waiting}>
          {waiting.map((tip) => (
            <li key={tip.id}>
              <Entry tip={tip} />
            </li>
          ))}
        </ol>
      ) : running ? null : (
        <p className={styles.empty}>Nothing waits.</p>
      )}
    </div>
  );
}

function Entry({ tip }: { readonly tip: TipLine }) {
  const { item, from, amount } = tip;
  return (
    <div className={styles.entry}>
      {item?.effect ? <EffectShape effect={item.effect} /> : null}
      <span className={styles.what}>
        <b>{item?.name ?? 'A tip'}</b>
        <small>for {nameOf(from ?? '')}</small>
      </span>
      <Tokens amount={amount} />
    </div>
  );
}
