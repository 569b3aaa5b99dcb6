import { useStore } from '../../lib/use-store.ts';
import { INTIFACE_URL } from '../kept.ts';
import type { OwnRoom, Studio } from '../studio.ts';
import { DeviceStep } from './DeviceStep.tsx';

export function DevicePart({
  studio,
  own,
  onNext,
}: {
  readonly studio: Studio;
  readonly own: OwnRoom;
  onNext(): void;
}) {
  const state = useStore(own.bridge.state);
  const { device } = useStore(studio.kept);
  return (
    <DeviceStep
      state={state}
      chosen={device?.driver ?? 'none'}
      url={device?.driver === 'intiface' ? device.url : INTIFACE_URL}
      level={() => own.bridge.trace.level}
      onChoose={(choice) => void studio.chooseDevice(choice)}
      onLook={() => own.bridge.look()}
      onTry={() => own.bridge.tryIt()}
      onNext={onNext}
    />
  );
}
