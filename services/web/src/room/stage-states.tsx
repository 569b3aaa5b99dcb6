import { Button } from '../components/Button.tsx';
import { LinkButton } from '../components/LinkButton.tsx';
import type { Picture } from '../media/watch.ts';
import type { RoomScreen } from './room-screen.ts';
import type { StageWords } from './StageOverlay.tsx';

/** What the stage says where there is no live picture; undefined while there is one. */
export function stageWordsFor(
  screen: Pick<RoomScreen, 'is' | 'problem' | 'show' | 'link'>,
  picture: Picture,
  onRetry: () => void,
): StageWords | undefined {
  const rooms = (
    <LinkButton href="/" look="solid">
      See who is live
    </LinkButton>
  );
  switch (screen.is) {
    case 'looking':
      return { title: 'Looking for the room', busy: true };
    case 'unknown':
      return {
        title: 'There is no such room',
        more: 'The address may have a typing error, or the room is not open to you.',
        actions: rooms,
      };
    case 'failed':
      return {
        title: 'The room cannot be reached',
        more: screen.problem?.title ?? '',
        actions: (
          <Button look="solid" onClick={onRetry}>
            Try again
          </Button>
        ),
      };
    case 'removed':
      return {
        title: 'You were removed from this room',
        more: 'The broadcaster decided so. Nothing of your tokens is lost: what had not run has come back.',
        actions: rooms,
      };
    case 'room':
      return ofShow(screen, picture);
  }
}

function ofShow({ show }: Pick<RoomScreen, 'show'>, picture: Picture): StageWords | undefined {
  if (show === 'ended')
    return {
      title: 'The show has ended',
      more: 'Stay if you like: when the next one begins, it appears here by itself.',
    };
  if (show === 'none')
    return { title: 'Nobody is on at the moment', more: 'When the show begins, it appears here by itself.' };
  if (picture.phase === 'live') return undefined;
  if (picture.phase === 'lost') return { title: 'The picture is coming back', overPicture: true, busy: true };
  if (picture.phase === 'removed') return { title: 'You were removed from this show' };
  return { title: 'The show is about to start', more: 'Waiting for the first picture.', busy: true };
}
