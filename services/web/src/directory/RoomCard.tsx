import { Eye, EyeOff, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../components/Button.tsx';
import { since } from '../lib/times.ts';
import styles from './RoomCard.module.css';
import type { ShownRoom } from './room-list.ts';
import { Still } from './Still.tsx';

export interface RoomCardProps {
  readonly room: ShownRoom;
  /** Stills stay blurred until they are wanted: by the pointer, the focus, or the eye for good. */
  readonly blur: boolean;
  readonly nowMs: number;
  /** `feature`: the one room there is has the page for itself. */
  readonly as?: 'card' | 'feature';
  onTag(tag: string): void;
}

export function RoomCard({ room, blur, nowMs, as = 'card', onTag }: RoomCardProps) {
  const [wanted, setWanted] = useState(false);
  const { slug, title, tags, viewers, still, ended, picture, startedAt } = room;
  const forHow = since(Date.parse(startedAt), nowMs);
  return (
    <article
      className={styles.card}
      data-as={as}
      data-ended={ended || undefined}
      data-shy={(blur && !wanted) || undefined}
    >
      <div className={styles.picture}>
        <Still slug={slug} still={ended ? undefined : still} blurred={blur && !wanted} />
        <p className={styles.badges}>
          {ended ? (
            <span className={styles.over}>Has ended</span>
          ) : (
            <span className={styles.live}>{picture || still !== undefined ? 'Live' : 'Starting'}</span>
          )}
        </p>
        {blur && still !== undefined && !ended ? (
          <IconButton
            className={styles.eye}
            label={wanted ? `Blur the still of ${title}` : `Show the still of ${title}`}
            aria-pressed={wanted}
            onClick={() => setWanted(!wanted)}
          >
            {wanted ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
          </IconButton>
        ) : null}
      </div>
      <div className={styles.words}>
        <h2 className={styles.title}>
          <a href={`/r/${encodeURIComponent(slug)}`}>{title}</a>
        </h2>
        <p className={styles.facts}>
          {!viewers || ended ? null : (
            <span className={styles.fact}>
              <UsersRound aria-hidden="true" />
              {viewers.toLocaleString('en')} watching
            </span>
          )}
          <span className={styles.fact}>
            {ended ? 'The show is over' : forHow === 'just now' ? 'live just now' : `live for ${forHow}`}
          </span>
        </p>
        {tags.length > 0 ? (
          <ul className={styles.tags} aria-label={`Tags of ${title}`}>
            {tags.map((tag) => (
              <li key={tag}>
                <button type="button" className={styles.tag} onClick={() => onTag(tag)}>
                  {tag}
                </button>
              </li>
            ))}
          </ul>
        ) : null}
        {as === 'feature' && !ended ? (
          <span className={styles.go} aria-hidden="true">
            Watch now
          </span>
        ) : null}
      </div>
    </article>
  );
}
