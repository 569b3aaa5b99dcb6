import { Button } from '../components/Button.tsx';
import { nameOf } from '../lib/names.ts';
import { momentOf } from '../lib/times.ts';
import styles from './NamesSection.module.css';
import type { KnownRoom } from './rooms-known.ts';
import { Section } from './Section.tsx';

export interface NamesSectionProps {
  readonly rooms: readonly KnownRoom[];
  readonly nowMs: number;
  onForget(): void;
}

export function NamesSection({ rooms, nowMs, onForget }: NamesSectionProps) {
  return (
    <Section
      id="names"
      title="Your names"
      about="In each room you have another name. Nobody in one room can tell who you are in another."
    >
      {rooms.length === 0 ? (
        <p className={styles.none}>
          You have no name anywhere yet. You get one in a room when you first write or tip there; watching
          needs none.
        </p>
      ) : (
        <>
          <ul className={styles.names}>
            {rooms.map((room) => (
              <li key={room.roomId} className={styles.row}>
                <span className={styles.name}>{nameOf(room.pseudonym)}</span>
                <span className={styles.where}>
                  in <a href={`/r/${encodeURIComponent(room.slug)}`}>{room.title}</a>
                </span>
                <time className={styles.when} dateTime={new Date(room.at).toISOString()}>
                  {momentOf(room.at, nowMs)}
                </time>
              </li>
            ))}
          </ul>
          <div className={styles.foot}>
            <p>Only this browser has the list.</p>
            <Button onClick={onForget}>Forget the list</Button>
          </div>
        </>
      )}
    </Section>
  );
}
