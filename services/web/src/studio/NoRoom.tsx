import { type FormEvent, useState } from 'react';
import { Button } from '../components/Button.tsx';
import { TextField } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { TITLE_CHARACTERS_MAX } from './limits.ts';
import styles from './Narrow.module.css';
import { roomOfAddress, titleFault } from './show/face-draft.ts';

export interface NoRoomProps {
  readonly busy: boolean;
  readonly problem?: string | undefined;
  onCreate(title: string): void;
  onTake(room: string): void;
}

/** The first visit: a room of one's own, or one that this browser does not remember. */
export function NoRoom({ busy, problem, onCreate, onTake }: NoRoomProps) {
  const [title, setTitle] = useState('');
  const [address, setAddress] = useState('');
  const [tried, setTried] = useState<'make' | 'take'>();
  const fault = titleFault(title);
  const room = roomOfAddress(address);
  const make = (event: FormEvent): void => {
    event.preventDefault();
    setTried('make');
    if (!fault) onCreate(title);
  };
  const take = (event: FormEvent): void => {
    event.preventDefault();
    setTried('take');
    if (room) onTake(room);
  };
  return (
    <div className={styles.narrow}>
      <div className={styles.stack}>
        <h1>Your room</h1>
        <p className={styles.lead}>
          One place that stays yours, with an address that nobody can guess. What it is called can be changed
          at any time.
        </p>
      </div>
      {problem ? <Notice kind="problem" title={problem} /> : null}
      <form className={styles.stack} onSubmit={make} noValidate>
        <TextField
          label="What is it called?"
          placeholder="Late rehearsal"
          value={title}
          maxLength={TITLE_CHARACTERS_MAX + 20}
          autoComplete="off"
          error={tried === 'make' ? fault : undefined}
          onChange={(event) => setTitle(event.target.value)}
        />
        <div className={styles.actions}>
          <Button type="submit" look="solid" size="l" busy={busy}>
            Make my room
          </Button>
        </div>
      </form>
      <details className={styles.other}>
        <summary>I have a room already</summary>
        <form className={styles.stack} onSubmit={take} noValidate>
          <TextField
            label="Its address"
            placeholder="/r/late-rehearsal-k3x9qd"
            value={address}
            autoComplete="off"
            error={
              tried === 'take' && !room ? 'Paste the address of your room, or the end of it.' : undefined
            }
            onChange={(event) => setAddress(event.target.value)}
          />
          <div className={styles.actions}>
            <Button type="submit" busy={busy}>
              Use this room
            </Button>
          </div>
        </form>
      </details>
    </div>
  );
}
