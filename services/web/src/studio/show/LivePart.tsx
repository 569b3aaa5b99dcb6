import { useStore } from '../../lib/use-store.ts';
import type { OwnRoom, Studio } from '../studio.ts';
import { LivePage } from './LivePage.tsx';
import type { LiveModel } from './live-model.ts';

export function LivePart({ studio, own }: { readonly studio: Studio; readonly own: OwnRoom }) {
  const live = useStore(studio.live);
  return live ? <Bound studio={studio} own={own} live={live} /> : null;
}

function Bound({
  studio,
  own,
  live,
}: {
  readonly studio: Studio;
  readonly own: OwnRoom;
  readonly live: LiveModel;
}) {
  const { capture, awake } = studio;
  const { bridge, publisher, health, editor, roomId } = own;
  return (
    <LivePage
      roomId={roomId}
      live={useStore(live.state)}
      video={useStore(capture.video)}
      capture={useStore(capture.state)}
      publish={useStore(publisher.state)}
      health={useStore(health.health)}
      awake={useStore(awake.state)}
      bridge={useStore(bridge.state)}
      trace={bridge.trace}
      level={() => capture.level.read()}
      editor={useStore(editor.state)}
      room={editor}
      hands={{
        mute: (muted) => publisher.setMuted(muted),
        cameraOff: (off) => publisher.setCameraOff(off),
        startCapture: () => void capture.start(),
        choose: (kind, id) => void capture.choose(kind, id),
        takeUp: () => publisher.start(),
        arm: () => bridge.arm(),
        disarm: () => bridge.disarm(),
        tryIt: () => bridge.tryIt(),
        restart: () => {
          const { device } = studio.kept.current;
          if (device) bridge.start(device);
        },
        say: (text) => live.say(text),
        strike: (id) => void live.strike(id),
        sanction: (who, what) => void live.sanction(who, what),
        lift: (who) => void live.lift(who),
        takeKeysBack: () => live.takeKeysBack(),
        end: () => studio.endShow(),
      }}
    />
  );
}
