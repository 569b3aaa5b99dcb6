import { expect, test } from '@jest/globals';
import { orElse } from './or-else.ts';

interface Shelf {
  read(): Promise<string>;
}

const held: Shelf = { read: async () => 'held' };

test('what is kept is asked as long as it keeps', async () => {
  expect(await orElse<Shelf>({ read: async () => 'kept' }, held).read()).toBe('kept');
});

test('a browser that keeps nothing is asked once, and memory from then on', async () => {
  let asked = 0;
  const shelf = orElse<Shelf>(
    {
      read: async () => {
        asked += 1;
        if (asked === 1) throw new DOMException('no', 'SecurityError');
        return 'kept';
      },
    },
    held,
  );
  expect([await shelf.read(), await shelf.read()]).toEqual(['held', 'held']);
  expect(asked).toBe(1);
});

test('a fault is a fault, and nothing is quietly kept elsewhere', async () => {
  const shelf = orElse<Shelf>({ read: () => Promise.reject(new TypeError('a fault')) }, held);
  await expect(shelf.read()).rejects.toThrow('a fault');
});
