import { useStore } from '../../lib/use-store.ts';
import { DevicePart } from '../device/DevicePart.tsx';
import type { Step } from '../kept.ts';
import type { OwnRoom, Studio } from '../studio.ts';
import { CameraStep } from './CameraStep.tsx';
import { ConnectionStep } from './ConnectionStep.tsx';
import { EnvelopeStep } from './EnvelopeStep.tsx';
import { FenceStep } from './FenceStep.tsx';
import { SetUpPage } from './SetUpPage.tsx';

export interface SetUpPartProps {
  readonly studio: Studio;
  readonly own: OwnRoom;
  readonly step: Step;
}

export function SetUpPart({ studio, own, step }: SetUpPartProps) {
  const { done } = useStore(studio.kept);
  return (
    <SetUpPage step={step} done={done} onGoTo={(to) => studio.goTo(to)} onLeave={() => studio.preview()}>
      <OneStep key={step} studio={studio} own={own} step={step} />
    </SetUpPage>
  );
}

function OneStep({ studio, own, step }: SetUpPartProps) {
  const { capture, connection } = studio;
  const captured = useStore(capture.state);
  const video = useStore(capture.video);
  const checked = useStore(connection.state);
  const fence = useStore(own.fence.state);
  const bridge = useStore(own.bridge.state);
  const next = (): void => studio.next(step);
  switch (step) {
    case 'camera':
      return (
        <CameraStep
          state={captured}
          video={video}
          level={() => capture.level.read()}
          onStart={() => void capture.start()}
          onChoose={(kind, id) => void capture.choose(kind, id)}
          onWithoutSound={(without) => void capture.setWithoutSound(without)}
          onNext={next}
        />
      );
    case 'connection':
      return <ConnectionStep state={checked} onCheck={() => void connection.run(own.roomId)} onNext={next} />;
    case 'device':
      return <DevicePart studio={studio} own={own} onNext={next} />;
    case 'envelope':
      return (
        <EnvelopeStep
          envelope={bridge.envelope}
          from={bridge.envelopeFrom}
          running={bridge.phase === 'running'}
          onSave={(envelope) => own.bridge.setEnvelope(envelope)}
          onNext={next}
        />
      );
    case 'fence':
      return (
        <FenceStep
          state={fence}
          onChange={(change) => own.fence.change(change)}
          onLoad={() => void own.fence.load()}
          onNext={() => void own.fence.save().then((saved) => (saved ? next() : undefined))}
        />
      );
  }
}
