import type { LogEntry, ShowEntry, Snapshot } from '@nightjar/contracts/ws-protocol';
import { tokens } from '../printer.ts';
import { findRoom, type Viewer } from '../viewer.ts';

/** Prints what happens in a room until it is told to stop, or the room is closed to us. */
export async function watch(viewer: Viewer, name: string | undefined): Promise<number> {
  const { options, out, signal } = viewer;
  const room = await findRoom(viewer, name);
  using connection = viewer.join(room, 'guest');
  const ended = Promise.withResolvers<number>();
  connection.on('phase', ({ phase, reason }) => {
    out.say(reason ? `-- ${phase}: ${reason.why}` : `-- ${phase}`, { is: 'phase', phase, reason });
    if (phase === 'closed') ended.resolve(1);
  });
  connection.on('welcome', ({ snapshot, recovered, welcome }) => {
    const { epoch, offset } = welcome;
    out.say(recovered ? undefined : inWords(snapshot), { is: 'welcome', recovered, epoch, offset, snapshot });
  });
  connection.on('entry', ({ entry, offset, past }) => {
    const was = past ? '(before) ' : '';
    out.say(`${clock(entry.at)}  ${was}${entryInWords(entry)}`, { is: 'entry', offset, past, entry });
  });
  let viewers = -1;
  connection.on('presence', (presence) => {
    if (presence.viewers === viewers) return;
    viewers = presence.viewers;
    out.say(`-- ${viewers} watching`, { is: 'presence', viewers });
  });
  out.say(`“${room.title}” (${room.slug})`, { is: 'room', roomId: room.roomId, slug: room.slug });
  if (options.seconds !== undefined) setTimeout(() => ended.resolve(0), options.seconds * 1_000).unref();
  signal.addEventListener('abort', () => ended.resolve(0), { once: true });
  // Awaited here: the connection is left when this function returns.
  return await ended.promise;
}

function inWords({ show, tips }: Snapshot): string {
  const held = tips.length === 0 ? '' : `, ${tips.length} tips wait for their outcome`;
  return `-- ${show?.state === 'started' ? 'a show is on' : 'no show is on'}${held}`;
}

function entryInWords(entry: LogEntry): string {
  switch (entry.kind) {
    case 'tip': {
      const what = entry.item ? ` for “${entry.item.name}”` : '';
      return `${short(entry.from)} tips ${entry.amount}${what} (${short(entry.tipId)})`;
    }
    case 'progress':
      return `${short(entry.tipId)} ${entry.state}`;
    case 'settled': {
      const back = entry.returned === '0' ? '' : `, ${tokens(entry.returned)} back`;
      return `${short(entry.tipId)} ${entry.result}: ${tokens(entry.settled)} to the room${back}`;
    }
    case 'chat':
      return `${short(entry.from)} says something sealed`;
    case 'show':
      return showInWords(entry);
    case 'menu':
      return `the menu changed: ${entry.items.length} items`;
  }
}

function showInWords({ state }: ShowEntry): string {
  return state === 'started' ? 'the show begins' : 'the show ends';
}

function clock(at: string): string {
  return new Date(at).toISOString().slice(11, 23);
}

/** Enough of an id to tell it from others. */
function short(id: string): string {
  return id.length <= 14 ? id : id.slice(0, id.indexOf('_') + 9);
}
