import { useState } from 'react';
import { useStore } from '../../lib/use-store.ts';
import type { Step } from '../kept.ts';
import { countryName } from '../setup/countries.ts';
import { fenceShort } from '../setup/fence-draft.ts';
import type { FenceState } from '../setup/fence-model.ts';
import type { OwnRoom, Studio } from '../studio.ts';
import { PreviewPage } from './PreviewPage.tsx';

export interface PreviewPartProps {
  readonly studio: Studio;
  readonly own: OwnRoom;
  readonly busy: boolean;
  readonly problem: string | undefined;
}

export function PreviewPart({ studio, own, busy, problem }: PreviewPartProps) {
  const { capture, kept } = studio;
  const [muted, setMuted] = useState(own.publisher.state.current.muted);
  const { stills } = useStore(kept);
  const fence = useStore(own.fence.state);
  return (
    <PreviewPage
      slug={own.slug}
      capture={useStore(capture.state)}
      video={useStore(capture.video)}
      level={() => (muted ? 0 : capture.level.read())}
      muted={muted}
      bridge={useStore(own.bridge.state)}
      editor={useStore(own.editor.state)}
      fence={fenceFact(fence)}
      stills={stills}
      busy={busy}
      problem={problem}
      hands={{
        setUp: (step: Step) => studio.goTo(step),
        startCamera: () => void capture.start(),
        mute: (next) => {
          own.publisher.setMuted(next);
          setMuted(next);
        },
        stills: (on) => kept.update((before) => ({ ...before, stills: on })),
        goLive: () => void studio.goLive(),
      }}
      room={own.editor}
    />
  );
}

function fenceFact({ phase, kind, draft, changed }: FenceState): string {
  if (phase === 'loading') return 'Being read …';
  if (phase === 'failed') return 'Could not be read';
  if (kind === 'finer') return 'Your own finer rules';
  return changed ? 'Chosen, not saved yet' : fenceShort(draft, countryName);
}
