import { ChatKeeper } from '@nightjar/client/chat-keeper';
import type { KeyStore } from '@nightjar/client/key-store';
import { keeperFiles } from '@nightjar/client/node/keeper-files';
import { type JoinParts, RoomConnection } from '@nightjar/client/room-connection';
import { keeperCode } from '@nightjar/sealed/chat-keeper-statement';
import type { DemoEvent } from './run-demo.ts';

/** Keeps the chat's keys, so that viewers of the demo room can talk. The demo itself says nothing and reads nothing. */
export function keepChat({
  keys,
  folder,
  onEvent,
  ...join
}: Omit<JoinParts, 'as'> & {
  readonly keys: KeyStore;
  readonly folder: string;
  readonly onEvent: (event: DemoEvent) => void;
}): Disposable {
  const connection = new RoomConnection({ ...join, as: 'broadcaster' });
  const keeper = new ChatKeeper({ connection, keys, store: keeperFiles(folder) });
  const code = keeper.publicKey().then((publicKey) => keeperCode(join.roomId, publicKey));
  keeper.on('phase', async (phase) => {
    onEvent({ is: 'chat', phase, code: await code });
    // A second demo of the same room has taken over: its files are elsewhere.
    if (phase === 'replaced') keeper.close();
  });
  return {
    [Symbol.dispose]() {
      keeper.close();
      connection.close();
    },
  };
}
