import { prefer, preferences } from '../lib/preferences.ts';
import { useStore } from '../lib/use-store.ts';
import type { Beginning } from './boot.ts';
import { RoomPage } from './RoomPage.tsx';
import type { RoomModel } from './room-model.ts';

/** The room's page, with what is behind it. */
export function RoomApp({ beginning, model }: { readonly beginning: Beginning; readonly model: RoomModel }) {
  const { watch } = beginning;
  return (
    <RoomPage
      screen={useStore(model.screen)}
      picture={useStore(watch.picture)}
      age={useStore(beginning.age)}
      trace={model.device.trace}
      preferences={useStore(preferences)}
      hands={{
        roomId: model.roomId,
        say: (text) => void model.say(text),
        tip: (wish) => model.tip(wish),
        buy: (amount) => model.buy(amount),
        acceptKeeper: () => model.acceptKeeper(),
        retry: () => void model.retry(),
        confirmAge: () => beginning.confirmAge(),
        mute: (muted) => void watch.setMuted(muted),
        setVolume: (volume) => {
          prefer({ volume });
          watch.setVolume(volume);
        },
        setQuality: (quality) => {
          prefer({ quality });
          watch.setQuality(quality);
        },
      }}
    />
  );
}
