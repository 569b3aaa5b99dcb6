import type { BridgeState } from '../../bridge/bridge-state.ts';
import type { LevelTrace } from '../../components/level-trace.ts';
import type { TipLine } from '../../room/room-log.ts';
import type { LiveHands } from '../show/live-hands.ts';
import { BridgeLog } from './BridgeLog.tsx';
import { DeviceCard } from './DeviceCard.tsx';
import styles from './DeviceColumn.module.css';
import { Queue } from './Queue.tsx';

export interface DeviceColumnProps {
  readonly state: BridgeState;
  readonly trace: LevelTrace;
  readonly running: TipLine | undefined;
  readonly waiting: readonly TipLine[];
  readonly hands: Pick<LiveHands, 'arm' | 'disarm' | 'tryIt' | 'restart'>;
}

export function DeviceColumn({ state, trace, running, waiting, hands }: DeviceColumnProps) {
  return (
    <section className={styles.column} aria-label="Device and queue">
      <DeviceCard state={state} trace={trace} hands={hands} />
      <Queue running={running} waiting={waiting} />
      <BridgeLog log={state.log} />
    </section>
  );
}
