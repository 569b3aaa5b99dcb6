import { ArrowUp, RotateCw } from 'lucide-react';
import { Button } from '../components/Button.tsx';
import { Empty } from '../components/Empty.tsx';
import { Notice } from '../components/Notice.tsx';
import { PageTitle } from '../components/PageTitle.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import styles from './DirectoryScreen.module.css';
import type { DirectoryView } from './directory-model.ts';
import { Perch } from './Perch.tsx';
import { RoomCard } from './RoomCard.tsx';
import { TagChips } from './TagChips.tsx';

export interface DirectoryScreenProps {
  readonly view: DirectoryView;
  readonly blur: boolean;
  onChoose(tag: string | undefined): void;
  onMore(): void;
  onRetry(): void;
  onSettle(): void;
}

export function DirectoryScreen({ view, blur, onChoose, onMore, onRetry, onSettle }: DirectoryScreenProps) {
  const { phase, tags, tag, waiting, problem } = view;
  const rooms = tag === undefined ? view.rooms : view.rooms.filter((room) => room.tags.includes(tag));
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <PageTitle>Live now</PageTitle>
        {tags.length > 0 ? <TagChips tags={tags} chosen={tag} onChoose={onChoose} /> : null}
      </header>
      <p className="visually-hidden" role="status">
        {phase === 'shown' ? said(rooms.filter(({ ended }) => !ended).length, waiting) : ''}
      </p>
      {waiting > 0 ? (
        <div className={styles.fresh}>
          <Button look="solid" icon={<ArrowUp aria-hidden="true" />} onClick={onSettle}>
            {waiting === 1 ? '1 more room is live' : `${waiting} more rooms are live`}
          </Button>
        </div>
      ) : null}
      {phase === 'loading' ? <Loading /> : null}
      {phase === 'failed' ? <Failed problem={problem} onRetry={onRetry} /> : null}
      {phase === 'shown' && rooms.length === 0 ? (
        <Nobody tag={tag} onChoose={onChoose} onRetry={onRetry} />
      ) : null}
      {rooms.length > 0 ? (
        <ul className={styles.rooms} data-few={rooms.length <= 2 ? rooms.length : undefined}>
          {rooms.map((room) => (
            <li key={room.roomId}>
              <RoomCard
                room={room}
                blur={blur}
                nowMs={view.atMs}
                as={rooms.length === 1 ? 'feature' : 'card'}
                onTag={onChoose}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <More more={view.more} onMore={onMore} />
      {phase === 'shown' && problem ? <Old problem={problem} onRetry={onRetry} /> : null}
    </div>
  );
}

function said(live: number, waiting: number): string {
  const rooms =
    live === 1 ? '1 room is live.' : live === 0 ? 'Nobody is live now.' : `${live} rooms are live.`;
  return waiting === 0 ? rooms : `${rooms} ${waiting} more went live since.`;
}

type Problem = DirectoryView['problem'];

function Old({ problem, onRetry }: { problem: NonNullable<Problem>; onRetry(): void }) {
  return (
    <div className={styles.old}>
      <Notice
        kind="problem"
        title={problem.offline ? 'You seem to be offline' : 'The list could not be refreshed'}
        actions={
          <Button icon={<RotateCw aria-hidden="true" />} onClick={onRetry}>
            Try again
          </Button>
        }
      >
        What you see may be old. The page keeps trying by itself.
      </Notice>
    </div>
  );
}

function Failed({ problem, onRetry }: { problem: Problem; onRetry(): void }) {
  return (
    <div role="alert">
      <Empty
        art={<Perch />}
        title={problem?.offline ? 'The server cannot be reached' : 'The list of rooms did not come'}
        actions={
          <Button look="solid" icon={<RotateCw aria-hidden="true" />} onClick={onRetry}>
            Try again
          </Button>
        }
      >
        {problem?.offline
          ? 'Your connection may be away, or the server is. Nothing is lost: the page keeps trying by itself.'
          : problem?.title}
      </Empty>
    </div>
  );
}

function Nobody({
  tag,
  onChoose,
  onRetry,
}: {
  tag: string | undefined;
  onChoose(tag: undefined): void;
  onRetry(): void;
}) {
  if (tag !== undefined)
    return (
      <Empty
        title={`Nobody is live with “${tag}”`}
        actions={<Button onClick={() => onChoose(undefined)}>Show all rooms</Button>}
      >
        The rooms that had it have ended.
      </Empty>
    );
  return (
    <Empty
      title="Nobody is live now"
      art={<Perch />}
      actions={
        <>
          <Button look="solid" icon={<RotateCw aria-hidden="true" />} onClick={onRetry}>
            Look again
          </Button>
          <a className={styles.way} href="/studio">
            Go live yourself
          </a>
        </>
      }
    >
      Rooms appear here by themselves as soon as they go live. Some rooms choose who may see them, and are not
      listed everywhere: if you have a room’s address, open it.
    </Empty>
  );
}

function Loading() {
  return (
    <ul className={styles.rooms}>
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key, i) => (
        <li key={key} className={styles.placeholder}>
          <div className={styles.wide}>
            <Skeleton height={0} {...(i === 0 ? { label: 'Looking for live rooms' } : {})} />
          </div>
          <Skeleton height={20} />
          <Skeleton height={16} />
        </li>
      ))}
    </ul>
  );
}

function More({ more, onMore }: { more: DirectoryView['more']; onMore(): void }) {
  if (more === 'none') return null;
  return (
    <div className={styles.more}>
      {more === 'failed' ? <p role="alert">The next rooms did not come. Try again.</p> : null}
      <Button busy={more === 'asking'} onClick={onMore}>
        More rooms
      </Button>
    </div>
  );
}
