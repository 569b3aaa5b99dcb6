import { createRoot } from 'react-dom/client';
import type { Beginning } from './boot.ts';
import { RoomApp } from './RoomApp.tsx';
import { RoomModel } from './room-model.ts';

/** Puts everything but the picture, which runs already, into the frame that the page came with. */
export function mountRoom(beginning: Beginning): void {
  const model = new RoomModel(beginning);
  addEventListener('pagehide', (event) => {
    // A page that may come back from the browser's cache keeps its seat until it really goes.
    if (!event.persisted) model.leave();
  });
  createRoot(document.getElementById('over') as HTMLElement).render(
    <RoomApp beginning={beginning} model={model} />,
  );
}
