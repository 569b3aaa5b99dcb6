import { RoomChat } from '../../room-chat.ts';
import { comeIn, findRoom, type Viewer } from '../viewer.ts';

/** Says lines from standard input, sealed to the room, one after the other. */
export async function chat(viewer: Viewer, name: string | undefined): Promise<number> {
  const { out, stdin, pins } = viewer;
  const room = await findRoom(viewer, name);
  using connection = viewer.join(room, 'viewer');
  using sealed = new RoomChat({ connection, pins });
  await comeIn(viewer, connection);
  for await (const line of linesOf(stdin)) {
    const posted = await sealed.say(line);
    out.say(`posted at ${posted.offset}`, posted);
  }
  return 0;
}

/** Each as soon as it is there: somebody may be typing. */
async function* linesOf(parts: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of parts) {
    text += typeof part === 'string' ? part : decoder.decode(part, { stream: true });
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
  if (text.trim() !== '') yield text;
}
