import { readSealedPayload } from '@nightjar/sealed/sealed-payload';
import { UsageError } from '../usage.ts';
import { comeIn, findRoom, type Viewer } from '../viewer.ts';

/** Posts sealed lines. This program has no room keys and the server takes nothing else: they are sealed elsewhere. */
export async function chat(viewer: Viewer, name: string | undefined): Promise<number> {
  const { out, stdin } = viewer;
  const room = await findRoom(viewer, name);
  using connection = viewer.join(room, 'viewer');
  await comeIn(viewer, connection);
  let text = '';
  for await (const part of stdin) text += typeof part === 'string' ? part : new TextDecoder().decode(part);
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const posted = await connection.chat(readLine(line));
    out.say(`posted at ${posted.offset}`, posted);
  }
  return 0;
}

function readLine(line: string) {
  try {
    return readSealedPayload(JSON.parse(line));
  } catch {
    throw new UsageError('chat takes sealed lines: {"scheme": …, "keyId": …, "bytes": …}, one a line');
  }
}
