import { createRoot } from 'react-dom/client';
import { StudioApp } from './StudioApp.tsx';
import type { StopBar } from './stop/stop-bar.ts';
import { Studio } from './studio.ts';
import { Whole } from './Whole.tsx';

/** Puts the studio into its frame. The stop bar is told of the bridge and of nothing else. */
export function mountStudio(stop: StopBar): void {
  const studio = new Studio(stop);
  addEventListener('pagehide', (event) => {
    if (!event.persisted) studio.leave();
  });
  addEventListener('beforeunload', (event) => {
    if (studio.screen.current.is !== 'live') return;
    // While the browser asks, no hand is heard here: not the bar, not Esc, no pad. So it stops first.
    stop.stop();
    event.preventDefault();
  });
  void studio.begin();
  createRoot(document.getElementById('studio') as HTMLElement).render(
    <Whole>
      <StudioApp studio={studio} />
    </Whole>,
  );
}
