import { expect, test } from '@jest/globals';
import { readKept } from './kept.ts';

test('a first visit begins with nothing but a key for its first room', () => {
  expect(readKept(null, 'key-1')).toEqual({
    roomKey: 'key-1',
    done: [],
    withoutSound: false,
    stills: true,
  });
});

test('what was kept is what is read, and whatever is not understood is as if it had never been', () => {
  const kept = {
    roomId: 'room_1',
    roomKey: 'key-0',
    done: ['device', 'camera', 'garden'],
    cameraId: 5,
    withoutSound: 'yes',
    device: { driver: 'intiface', url: 'ws://127.0.0.1:999' },
  };
  expect(readKept(JSON.stringify(kept), 'key-1')).toEqual({
    roomId: 'room_1',
    roomKey: 'key-0',
    done: ['camera', 'device'],
    withoutSound: false,
    stills: true,
    device: { driver: 'intiface', url: 'ws://127.0.0.1:999' },
  });
  expect(readKept('nonsense', 'key-1').roomKey).toBe('key-1');
  expect(readKept('"text"', 'key-1').done).toEqual([]);
});
