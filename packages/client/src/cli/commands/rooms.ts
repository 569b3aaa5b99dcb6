import { tokens } from '../printer.ts';
import { findRoom, type Viewer } from '../viewer.ts';

export async function rooms({ out, rooms }: Viewer): Promise<number> {
  let cursor: string | undefined;
  let any = false;
  do {
    const page = await rooms.list(cursor === undefined ? {} : { cursor });
    for (const room of page.rooms) {
      any = true;
      const picture = room.picture ? '' : '  (no picture yet)';
      out.say(`${room.slug}  “${room.title}”  live since ${room.startedAt}${picture}`, { ...room });
    }
    cursor = page.next;
  } while (cursor !== undefined);
  if (!any) out.say('No room is live.', { rooms: [] });
  return 0;
}

export async function menu(viewer: Viewer, name: string | undefined): Promise<number> {
  const { menu, slug, title } = await findRoom(viewer, name);
  viewer.out.say(`“${title}” (${slug})`, { slug, title });
  for (const item of menu.items) {
    const { effect } = item;
    const what = effect ? `${effect.output}, ${effect.durationMs / 1_000} s` : 'no effect';
    viewer.out.say(
      `  ${item.itemId.padEnd(12)} ${tokens(item.price).padStart(10)}  ${item.name}  (${what})`,
      {
        ...item,
      },
    );
  }
  return 0;
}
