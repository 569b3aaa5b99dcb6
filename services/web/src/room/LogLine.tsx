import type { ReactNode } from 'react';
import { EffectShape } from '../components/EffectShape.tsx';
import { Tokens } from '../components/Tokens.tsx';
import { nameOf } from '../lib/names.ts';
import styles from './Log.module.css';
import { RunBar } from './RunBar.tsx';
import type { EventLine, Line, TipLine } from './room-log.ts';
import { stageWords } from './stage-words.ts';

export function LogLine({ line, actions }: { readonly line: Line; readonly actions?: ReactNode }) {
  if (line.is === 'event') return <p className={styles.event}>{eventWords(line)}</p>;
  if (line.is === 'tip') return <Tip line={line} actions={actions} />;
  return (
    <div className={`${styles.chat} ${line.mine ? styles.mine : ''}`} data-line={line.id}>
      <p>
        <span className={styles.from}>{line.mine ? 'You' : nameOf(line.from)}</span>
        <span className={styles.text}>{line.text}</span>
        {line.state === 'sending' ? <span className={styles.state}>sending</span> : null}
        {line.state === 'failed' ? <span className={styles.state}>not sent: {line.why}</span> : null}
      </p>
      {actions}
    </div>
  );
}

function Tip({ line, actions }: { readonly line: TipLine; readonly actions?: ReactNode }) {
  const effect = line.item?.effect;
  return (
    <div
      className={`${styles.tip} ${line.mine ? styles.mine : ''}`}
      data-tip={line.id}
      data-stage={line.stage}
    >
      <div className={styles.tipHead}>
        <span className={styles.from}>{line.mine ? 'You' : nameOf(line.from ?? '')}</span>
        <Tokens amount={line.amount} />
      </div>
      {line.item ? (
        <div className={styles.item}>
          {effect ? <EffectShape effect={effect} /> : null}
          <span>{line.item.name}</span>
        </div>
      ) : null}
      {line.note ? <p className={styles.note}>{line.note}</p> : null}
      <div className={styles.stage} data-stage={line.stage}>
        {effect && (line.stage === 'running' || line.stage === 'paused') ? <RunBar tip={line} /> : null}
        <span>{stageWords(line)}</span>
      </div>
      {actions}
    </div>
  );
}

function eventWords({ what }: EventLine): string {
  switch (what.kind) {
    case 'show':
      return what.state === 'started' ? 'The show has begun' : 'The show has ended';
    case 'goal':
      return `New goal: ${what.title}, ${what.amount.toLocaleString('en')} tokens`;
    case 'key-changed':
      return 'The key of this room’s chat keeper is a new one. Ask the broadcaster whether they changed their device.';
    case 'sanction': {
      const name = nameOf(what.who);
      if (what.what === 'silenced') return `${name} is silenced for a while`;
      if (what.what === 'removed') return `${name} was removed from this show`;
      if (what.what === 'banned') return `${name} was banned from this room`;
      return `${name} may take part again`;
    }
  }
}
