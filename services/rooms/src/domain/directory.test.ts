import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromCursor, type LiveRoom, type Place, pageOf, toCursor } from './directory.ts';

const shows = fc
  .uniqueArray(fc.record({ atMs: fc.integer({ min: 1, max: 5 }), id: fc.uuid(), hidden: fc.boolean() }), {
    selector: ({ id }) => id,
    maxLength: 40,
  })
  .map((all) =>
    all
      .map(({ atMs, id, hidden }) => ({
        roomId: `${hidden ? 'hidden' : 'open'}_${id}`,
        slug: id,
        title: id,
        tags: [],
        showId: `show_${id}`,
        startedAt: new Date(atMs),
        picture: false,
      }))
      .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || (a.showId < b.showId ? 1 : -1)),
  );
const isOpen = (roomId: string) => roomId.startsWith('open_');

function allPages(live: readonly LiveRoom[], limit: number): LiveRoom[][] {
  const pages: LiveRoom[][] = [];
  for (let place: Place | undefined, first = true; first || place; first = false) {
    const page = pageOf(live, place, limit, isOpen);
    pages.push([...page.rooms]);
    place = page.next && fromCursor(toCursor(page.next));
  }
  return pages;
}

test('pages of what is allowed are those of a world without the rest', () => {
  fc.assert(
    fc.property(shows, fc.integer({ min: 1, max: 10 }), (live, limit) => {
      const visible = live.filter(({ roomId }) => isOpen(roomId));
      const pages = allPages(live, limit);
      expect(pages.flat()).toEqual(visible);
      expect(pages).toEqual(allPages(visible, limit));
      for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
      if (visible.length > 0) expect(pages.at(-1)?.length).toBeGreaterThan(0);
    }),
    { seed: 3, numRuns: 500 },
  );
});

test('whatever somebody sends as a cursor is a place or nothing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const place = fromCursor(text);
      if (place) expect(fromCursor(toCursor(place))).toEqual(place);
    }),
    { seed: 3 },
  );
  expect(fromCursor('')).toBeUndefined();
});
