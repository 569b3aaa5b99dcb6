import type { LogEntry, ShowEntry, Snapshot } from '@nightjar/contracts/ws-protocol';
import type { ChatLine } from '../../chat-lines.ts';
import { type ChatState, RoomChat } from '../../room-chat.ts';
import { tokens } from '../printer.ts';
import { findRoom, type Viewer } from '../viewer.ts';

/** Prints what happens in a room until it is told to stop, or the room is closed to us. */
export async function watch(viewer: Viewer, name: string | undefined): Promise<number> {
  const { options, out, signal } = viewer;
  const room = await findRoom(viewer, name);
  using connection = viewer.join(room, 'guest');
  using chat = new RoomChat({ connection, pins: viewer.pins });
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
    const words = entryInWords(entry);
    const text = words === undefined ? undefined : `${clock(entry.at)}  ${was}${words}`;
    out.say(text, { is: 'entry', offset, past, entry });
  });
  chat.on('line', (line) => out.say(lineInWords(line), { is: 'line', ...line }));
  chat.on('note', (note) => {
    if ('text' in note)
      out.say(`  with a note: “${note.text}” (${short(note.tipId)})`, { is: 'note', ...note });
  });
  chat.on('state', (state) => out.say(stateInWords(state), { is: 'chat', state: state.is }));
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

/** Undefined: RoomChat tells it better, or it is for programs. */
function entryInWords(entry: LogEntry): string | undefined {
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
    case 'keeper':
      return undefined;
    case 'struck':
      return 'a line was taken away';
    case 'sanction':
      return `${short(entry.who)}: ${entry.what}`;
    case 'room':
      return `the room is called “${entry.title}”`;
    case 'goal':
      return entry.goal
        ? `the goal is ${tokens(entry.goal.amount)}: “${entry.goal.title}”`
        : 'no goal any more';
    case 'show':
      return showInWords(entry);
    case 'menu':
      return `the menu changed: ${entry.items.length} items`;
  }
}

/** A line whose key has not come is told again when it has. */
function lineInWords(line: ChatLine): string | undefined {
  if ('text' in line) return `${clock(line.at)}  ${short(line.from)}: ${line.text}`;
  if (line.unreadable === 'no_key') return undefined;
  const why = line.unreadable === 'older' ? 'before this one came in' : 'and it is not what it says it is';
  return `${clock(line.at)}  ${short(line.from)} said something sealed, ${why}`;
}

function stateInWords(state: ChatState): string | undefined {
  if (state.is === 'no_keeper') return '-- nobody keeps this chat’s keys';
  if (state.is !== 'keeper_changed') return undefined;
  return '-- this chat’s keys are kept by somebody else than before, so its lines are not opened';
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
