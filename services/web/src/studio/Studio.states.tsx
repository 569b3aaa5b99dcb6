import type { State } from '../dev/state.ts';
import { EndQuestion } from './EndQuestion.tsx';
import { NoRoom } from './NoRoom.tsx';
import { StillLive } from './StillLive.tsx';
import { Stranger } from './Stranger.tsx';
import { Failed, Loading } from './StudioApp.tsx';
import { BRIDGES } from './states-device.ts';
import { NOW, StudioFrame } from './states-frame.tsx';

const nothing = (): void => {};
const never = (): Promise<void> => new Promise(() => {});
const screen = (name: string, element: State['element']): State => ({
  name,
  screen: true,
  element: <StudioFrame>{element}</StudioFrame>,
});

export const studioStates: readonly State[] = [
  screen('opening', <Loading />),
  screen(
    'failed',
    <Failed problem="The server cannot be reached. Check the connection or the address." onRetry={nothing} />,
  ),
  screen(
    'not a broadcaster',
    <Stranger publicKey="07a261TgrzyoGMmvmAlUJwJHAEXo1sWoVlpTZDMpRgI" onLook={nothing} />,
  ),
  screen('no room', <NoRoom busy={false} onCreate={nothing} onTake={nothing} />),
  screen(
    'room refused',
    <NoRoom busy={false} problem="There is no such room." onCreate={nothing} onTake={nothing} />,
  ),
  screen(
    'still live',
    <StillLive startedWall={NOW - 1_800_000} busy={false} onTakeUp={nothing} onEnd={never} />,
  ),
  {
    name: 'asks before the end',
    screen: true,
    element: (
      <StudioFrame bridge={BRIDGES.moving}>
        <StillLive startedWall={NOW - 1_800_000} busy={false} onTakeUp={nothing} onEnd={never} />
        <EndQuestion onEnd={never} onClose={nothing} />
      </StudioFrame>
    ),
  },
];
