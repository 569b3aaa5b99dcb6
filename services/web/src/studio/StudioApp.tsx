import { lazy, Suspense, useEffect } from 'react';
import { Button } from '../components/Button.tsx';
import { Empty } from '../components/Empty.tsx';
import { Head } from '../components/Page.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { useStore } from '../lib/use-store.ts';
import { NoRoom } from './NoRoom.tsx';
import { StillLive } from './StillLive.tsx';
import { Stranger } from './Stranger.tsx';
import styles from './StudioApp.module.css';
import type { Studio } from './studio.ts';
import type { StudioScreen } from './studio-screen.ts';

const SetUpPart = lazy(() =>
  import('./setup/SetUpPart.tsx').then(({ SetUpPart: part }) => ({ default: part })),
);
const PreviewPart = lazy(() =>
  import('./show/PreviewPart.tsx').then(({ PreviewPart: part }) => ({ default: part })),
);
const LivePart = lazy(() => import('./show/LivePart.tsx').then(({ LivePart: part }) => ({ default: part })));
const SummaryPart = lazy(() =>
  import('./show/SummaryPart.tsx').then(({ SummaryPart: part }) => ({ default: part })),
);

/** Binds the studio's views to what is known. */
export function StudioApp({ studio }: { readonly studio: Studio }) {
  const screen = useStore(studio.screen);
  useEffect(() => {
    document.title = tabTitle(screen);
  }, [screen]);
  // Live has a head of its own: nobody leaves a show by a link that they brushed.
  return (
    <div className={styles.page} data-bounded={screen.is === 'live' || undefined}>
      {screen.is === 'live' ? null : <Head at="studio" />}
      <main className={styles.main}>
        <Suspense fallback={<Loading />}>
          <Part studio={studio} />
        </Suspense>
      </main>
    </div>
  );
}

/** A tab that is not looked at says so too. */
function tabTitle({ is }: StudioScreen): string {
  return is === 'live' ? '● You are live · Nightjar' : 'Studio · Nightjar';
}

function Part({ studio }: { readonly studio: Studio }) {
  const screen = useStore(studio.screen);
  const { own } = studio;
  switch (screen.is) {
    case 'looking':
      return <Loading />;
    case 'stranger':
      return <Stranger publicKey={screen.publicKey} onLook={() => void studio.begin()} />;
    case 'failed':
      return <Failed problem={screen.problem} onRetry={() => void studio.begin()} />;
    case 'no_room':
      return (
        <NoRoom
          busy={screen.busy}
          problem={screen.problem}
          onCreate={(title) => void studio.createRoom(title)}
          onTake={(room) => void studio.takeRoom(room)}
        />
      );
    case 'still_live':
      return (
        <StillLive
          startedWall={screen.startedWall}
          busy={screen.busy}
          problem={screen.problem}
          onTakeUp={() => void studio.takeUp()}
          onEnd={() => studio.endShow()}
        />
      );
    case 'set_up':
      return own ? <SetUpPart studio={studio} own={own} step={screen.step} /> : null;
    case 'preview':
      return own ? (
        <PreviewPart studio={studio} own={own} busy={screen.busy} problem={screen.problem} />
      ) : null;
    case 'live':
      return own ? <LivePart studio={studio} own={own} /> : null;
    case 'summary':
      return <SummaryPart studio={studio} summary={screen.summary} />;
  }
}

export function Loading() {
  return (
    <div className={styles.loading}>
      <h1 className="visually-hidden">Studio</h1>
      <Skeleton height={40} label="The studio is opening" />
      <Skeleton height={320} />
    </div>
  );
}

export function Failed({ problem, onRetry }: { readonly problem: string; onRetry(): void }) {
  return (
    <>
      <h1 className="visually-hidden">Studio</h1>
      <Empty
        title="The studio did not open"
        actions={
          <Button look="solid" onClick={onRetry}>
            Try again
          </Button>
        }
      >
        <p>{problem}</p>
        <p>Nothing is lost: your room and your key are as they were.</p>
      </Empty>
    </>
  );
}
